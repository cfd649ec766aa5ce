package dev.freecp.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.freecp.clip.ReadOut;
import dev.freecp.clip.ReadOutSettings;
import dev.freecp.error.UsageException;
import dev.freecp.image.ResizeRule;
import dev.freecp.purify.PurifySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetTest {

    /** The table of section 11, column by column. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        voc21,       21,  46,  26, 20,  384, 112, 2048, 448, 0.15, 0.8, true,  false
        voc20,       20,  20,  0,  20,  384, 112, 2048, 448, 0.15, 0.7, false, true
        context60,   60,  60,  1,  59,  384, 112, 2048, 448, 0.1,  0.7, true,  false
        context59,   59,  59,  0,  59,  384, 112, 2048, 448, 0.1,  0.7, false, true
        coco_object, 81,  106, 26, 80,  384, 112, 2048, 448, 0.15, 0.8, true,  false
        coco_stuff,  171, 171, 0,  171, 384, 112, 2048, 448, 0.05, 0.7, false, false
        city_scapes, 19,  19,  0,  19,  224, 112, 2048, 560, 0.1,  0.8, false, false
        ade20k,      150, 150, 0,  150, 384, 112, 2048, 448, 0.05, 0.7, false, true
        """)
    void holdsTheTable(String key, int lines, int words, int background, int classes, int crop, int stride, int resizeLong, int resizeShort,
                       float tauR, float tauA, boolean withBackground, boolean reduceZeroLabel) {
        Preset preset = Preset.of(key);
        Vocabulary vocabulary = preset.vocabulary();
        assertEquals(key, preset.key());
        assertEquals(lines, vocabulary.labelNames().size());
        assertEquals(words, vocabulary.words().size());
        assertEquals(background, vocabulary.backgroundWords());
        assertEquals(classes, vocabulary.classes().size());
        assertEquals(crop, preset.crop());
        assertEquals(stride, preset.stride());
        assertEquals(resizeLong, preset.resizeLong());
        assertEquals(resizeShort, preset.resizeShort());
        assertEquals(tauR, preset.tauR());
        assertEquals(tauA, preset.tauA());
        assertEquals(new SegmentSettings(ReadOutSettings.released(ReadOut.SCLIP), PurifySettings.released(tauR, tauA), new ResizeRule(resizeLong, resizeShort), crop, stride),
            preset.settings(ReadOut.SCLIP));
        assertEquals(withBackground, preset.withBackground());
        assertEquals(reduceZeroLabel, preset.reduceZeroLabel());
    }

    @Test
    void keepsTheSpellingOfTheDataSets() {
        assertEquals("television monitor screen", Preset.VOC21.vocabulary().classes().getLast());
        assertEquals("fence", Preset.VOC21.vocabulary().words().get(25));
        assertEquals("person in shirt jeans dress sweater skirt jacket body", Preset.COCO_OBJECT.vocabulary().classes().getFirst());
        assertEquals("building-other", Preset.COCO_STUFF.vocabulary().classes().get(84));
        assertEquals("flag", Preset.ADE20K.vocabulary().classes().getLast());
    }

    @Test
    void sharesClassesBetweenTheTwoVersionsOfADataSet() {
        assertEquals(Preset.VOC20.vocabulary().classes(), Preset.VOC21.vocabulary().classes());
        assertEquals(Preset.CONTEXT59.vocabulary().classes(), Preset.CONTEXT60.vocabulary().classes());
    }

    @Test
    void acceptsOtherSpellingsOfTheKey() {
        assertSame(Preset.CITY_SCAPES, Preset.of("cityscapes"));
        assertSame(Preset.VOC21, Preset.of(" VOC21 "));
    }

    @Test
    void listsThePresetsWhenThereIsNone() {
        UsageException e = assertThrows(UsageException.class, () -> Preset.of("voc"));
        for (Preset preset : Preset.all()) {
            assertTrue(e.getMessage().contains(preset.key()), e.getMessage());
        }
        assertEquals(8, Preset.all().size());
    }
}
