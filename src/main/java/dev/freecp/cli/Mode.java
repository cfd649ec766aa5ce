package dev.freecp.cli;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.purify.PurifySettings;

/** Whose method is run where the released program and the paper's text differ (docs/modes.md). */
enum Mode {
    RELEASED {
        @Override
        ReadOutSettings readOut(ReadOut method) {
            return ReadOutSettings.released(method);
        }

        @Override
        PurifySettings purify(float redundancyThreshold, float ambiguityThreshold) {
            return PurifySettings.released(redundancyThreshold, ambiguityThreshold);
        }
    },
    PAPER {
        @Override
        ReadOutSettings readOut(ReadOut method) {
            return new ReadOutSettings(method, ReadOutSettings.Form.PUBLISHED, GEM_BLOCKS_OF_THE_PAPER);
        }

        @Override
        PurifySettings purify(float redundancyThreshold, float ambiguityThreshold) {
            return PurifySettings.paper(redundancyThreshold, ambiguityThreshold);
        }
    };

    private static final int GEM_BLOCKS_OF_THE_PAPER = 7;

    abstract ReadOutSettings readOut(ReadOut method);

    abstract PurifySettings purify(float redundancyThreshold, float ambiguityThreshold);

    /** Most descriptions a word, 0 for all. */
    int descriptionLimit() {
        return purify(0, 0).descriptionLimit();
    }
}
