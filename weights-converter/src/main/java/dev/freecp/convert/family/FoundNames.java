package dev.freecp.convert.family;

import dev.freecp.convert.source.Refusal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where in a file a model lies: training programs wrap it ({@code state_dict.module.visual.proj}) and keep other things beside it.
 *
 * @param family   told by the names
 * @param prefix   of the wrappers, with its last dot; empty if there is none
 * @param names    the model's names, without the prefix
 * @param branches the other prefixes under which models lie: the student beside the teacher
 * @param outside  how many tensors of the training program lie outside of the wrapper: an optimizer's, for instance
 * @param beside   names inside of the outermost wrapper that are not under the prefix
 */
record FoundNames(Family family, String prefix, Set<String> names, List<String> branches, int outside, List<String> beside) {

    /** Levels that wrappers add, so far as known; deeper names are not looked into. */
    private static final int MAX_WRAPPERS = 6;
    private static final Set<String> WRAPPERS = Set.of("state_dict", "state_dict_ema", "model_state_dict", "model", "model_ema", "module", "ema", "ema_model", "net", "network",
        "student", "teacher", "backbone", "clip", "clip_model", "base_model", "_orig_mod", "online", "target", "momentum");

    /** A family's mark under a prefix. */
    private record Place(String prefix, Family family) {
    }

    /**
     * Looks at names only.
     *
     * @param branch the wrapper to be taken where there are several models, or null
     * @throws Refusal if there is no model, another model, or the choice is the caller's
     */
    static FoundNames in(Set<String> all, Path file, String branch) {
        Set<Place> places = new LinkedHashSet<>();
        for (String name : all) place(name, file).ifPresent(places::add);
        if (places.isEmpty()) throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "holds no model of a known family" + examples(all));
        String prefix = choose(places.stream().map(Place::prefix).collect(Collectors.toCollection(TreeSet::new)), file, branch);
        Family family = family(places.stream().filter(place -> place.prefix.equals(prefix)).map(Place::family).collect(Collectors.toSet()), file);

        String wrapper = prefix.substring(0, prefix.indexOf('.') + 1);
        Set<String> names = new LinkedHashSet<>();
        Map<Boolean, List<String>> rest = all.stream().filter(name -> !name.startsWith(prefix)).collect(Collectors.partitioningBy(name -> name.startsWith(wrapper)));
        for (String name : all) if (name.startsWith(prefix)) names.add(name.substring(prefix.length()));
        List<String> branches = places.stream().map(Place::prefix).filter(other -> !other.equals(prefix)).distinct().toList();
        return new FoundNames(family, prefix, names, branches, rest.get(false).size(), rest.get(true));
    }

    private static Optional<Place> place(String name, Path file) {
        int start = 0;
        for (int level = 0; level <= MAX_WRAPPERS; level++) {
            String rest = name.substring(start);
            Optional<Foreign> foreign = Foreign.of(rest);
            if (foreign.isPresent()) throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "is " + foreign.get().title() + ", which cannot be converted (found " + name + ")");
            Optional<Family> family = Arrays.stream(Family.values()).filter(each -> each.isMark(rest)).findFirst();
            if (family.isPresent()) return Optional.of(new Place(name.substring(0, start), family.get()));
            int dot = name.indexOf('.', start);
            if (dot < 0) break;
            start = dot + 1;
        }
        return Optional.empty();
    }

    private static String choose(Set<String> prefixes, Path file, String branch) {
        List<String> fitting = prefixes.stream().filter(prefix -> branch == null ? prefixes.size() == 1 || levels(prefix).contains("teacher") : levels(prefix).contains(branch)).toList();
        if (fitting.size() != 1) {
            String found = prefixes.stream().map(prefix -> prefix.isEmpty() ? "(no prefix)" : prefix).collect(Collectors.joining(", "));
            if (branch != null) throw new Refusal(Refusal.Kind.MISSING, file, "has " + (fitting.isEmpty() ? "no" : "more than one") + " branch '" + branch + "', but models under " + found);
            throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "holds several models, under " + found + "; choose one with --branch");
        }
        String prefix = fitting.getFirst();
        List<String> unknown = levels(prefix).stream().filter(level -> !level.isEmpty() && !WRAPPERS.contains(level)).toList();
        if (!unknown.isEmpty()) throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "holds a model inside of '" + prefix + "', and it is not known what " + unknown.getFirst() + " is");
        return prefix;
    }

    private static List<String> levels(String prefix) {
        return Arrays.asList(prefix.split("\\."));
    }

    private static Family family(Set<Family> families, Path file) {
        List<Family> left = families.stream().filter(family -> families.stream().noneMatch(other -> other.isSpecialFormOf(family))).toList();
        if (left.size() == 1) return left.getFirst();
        throw new Refusal(Refusal.Kind.UNSUPPORTED, file, "holds two models side by side: " + left.stream().sorted().map(Family::title).collect(Collectors.joining(" and ")));
    }

    private static String examples(Set<String> names) {
        return names.isEmpty() ? ": it has no tensors" : " (found " + Shown.of(names) + ")";
    }

    /** Without the prefix to with it, and so to the file. */
    Map<String, String> full() {
        Map<String, String> full = LinkedHashMap.newLinkedHashMap(names.size());
        for (String name : names) full.put(name, prefix + name);
        return full;
    }
}
