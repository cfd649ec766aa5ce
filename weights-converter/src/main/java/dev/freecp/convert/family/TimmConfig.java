package dev.freecp.convert.family;

import java.nio.file.Path;

/** timm's {@code config.json}: the architecture's name tells the activation. */
final class TimmConfig {

    private TimmConfig() {
    }

    static Facts read(Path folder, Model model) {
        return ConfigFile.open(folder, "config.json").filter(config -> config.has("architecture")).map(config -> facts(config, model)).orElse(Facts.NONE);
    }

    private static Facts facts(ConfigFile config, Model model) {
        String architecture = config.ask(object -> object.string("architecture"));
        config.requireSize("num_features", model.vision().width());
        Facts facts = Facts.NONE;
        if (config.has("model_args") && config.object("model_args").has("act_layer")) {
            ConfigFile arguments = config.object("model_args");
            facts = activation(config.activation(arguments.ask(object -> object.string("act_layer")).replace("quickgelu", "quick_gelu")), config.name());
        } else if (architecture.contains("_clip")) {
            facts = activation(architecture.contains("quickgelu") ? "quick_gelu" : "gelu", config.name() + ": " + architecture);
        }
        return config.has("pretrained_cfg") ? facts.or(pictures(config.object("pretrained_cfg"))) : facts;
    }

    private static Facts activation(String name, String from) {
        return new Facts(null, null, Fact.known(name, from), null, null, null, null, null, null);
    }

    private static Facts pictures(ConfigFile config) {
        return Facts.normalization(config.has("mean") ? Fact.known(config.colors("mean", false), config.name()) : null,
            config.has("std") ? Fact.known(config.colors("std", true), config.name()) : null);
    }
}
