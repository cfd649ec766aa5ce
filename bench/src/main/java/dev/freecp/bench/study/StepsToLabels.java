package dev.freecp.bench.study;

import dev.freecp.image.Picture;
import dev.freecp.purify.Step;
import java.util.List;

/** What each step of the method does to the labels. */
final class StepsToLabels implements Study {

    private static final List<String> STEPS = List.of("none", "refine", "refine,rp", "refine,rp,ap");

    @Override
    public String name() {
        return "labels";
    }

    @Override
    public Picture draw(Subject subject) {
        Sheet sheet = LabelPanels.begin(subject, 3);
        for (String steps : STEPS)
            LabelPanels.add(sheet, subject, steps, subject.settings().with(subject.settings().purify().withSteps(Step.parse(steps))));
        return sheet.draw(name());
    }
}
