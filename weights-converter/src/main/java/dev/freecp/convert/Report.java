package dev.freecp.convert;

import dev.freecp.convert.family.Facts;
import dev.freecp.convert.family.Model;
import dev.freecp.convert.family.TextSizes;
import dev.freecp.convert.family.VisionSizes;
import java.util.ArrayList;
import java.util.List;

/** A model in lines for people, each fact with where it is from. */
final class Report {

    private Report() {
    }

    static List<String> lines(Model model, Facts facts) {
        List<String> lines = new ArrayList<>();
        VisionSizes v = model.vision();
        TextSizes t = model.text();
        if (v != null) {
            lines.add("vision: " + sizes(v));
            lines.add("vision: heads " + facts.heads() + ", activation " + facts.activation() + ", eps " + facts.eps() + ", image size " + facts.imageSize());
            lines.add("pictures: mean " + facts.mean() + ", std " + facts.std());
        }
        if (t != null) {
            lines.add("text: " + sizes(t));
            lines.add("text: heads " + facts.textHeads() + ", activation " + facts.textActivation() + ", eps " + facts.textEps());
        }
        return lines;
    }

    static String sizes(VisionSizes v) {
        return v.layers() + " layers, " + v.width() + " wide, patches of " + v.patch() + ", grid " + v.grid() + " x " + v.grid() + (v.registers() > 0 ? ", " + v.registers() + " registers" : "");
    }

    static String sizes(TextSizes t) {
        return t.layers() + " layers, " + t.width() + " wide, " + t.vocabulary() + " tokens, context " + t.context();
    }
}
