package dev.freecp.evaluate.data;

import dev.freecp.image.LabelPng;
import dev.freecp.segment.Preset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The layouts in which a data set is found, best first: that of the released program (specification, section 11), then those of the publishers.
 *
 * @param defaultSplit what the paper evaluates
 * @param bases        folders below the user's in which the layouts may lie, "" for that itself
 */
record Layouts(String defaultSplit, List<String> bases, List<Layout> layouts) {

    private static final int CONTEXT_LABELS = 459;
    private static final int COCO_THINGS = 80;

    private static final String SPLIT = Tree.SPLIT;
    private static final List<String> COCO_MAP_FOLDERS =
        List.of("annotations/" + SPLIT, "stuffthingmaps/" + SPLIT, "stuffthingmaps_trainval2017/" + SPLIT, "annotations/stuffthingmaps/" + SPLIT);
    private static final List<String> COCO_PICTURE_FOLDERS = List.of("images/" + SPLIT, SPLIT);

    static Layouts of(Preset preset) {
        return switch (preset) {
            case VOC21, VOC20 -> voc(preset.reduceZeroLabel());
            case CONTEXT60, CONTEXT59 -> context(preset.reduceZeroLabel());
            case COCO_OBJECT -> cocoObject();
            case COCO_STUFF -> cocoStuff();
            case CITY_SCAPES -> cityscapes();
            case ADE20K -> ade(preset.reduceZeroLabel());
        };
    }

    /**
     * A folder of one's own, laid out as PASCAL VOC.
     *
     * @param colors null for label files of indices
     * @param listed whether a split file says which pictures are meant; otherwise all are
     */
    static Layouts folder(ColorTable colors, boolean reduceZero, boolean listed) {
        Function<Path, Truth> reader = reduced(reduceZero, colors == null ? asTheyAre() : file -> () -> colors.labels(file));
        FileSet pictures = FileSet.in("JPEGImages", ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".JPG");
        FileSet labels = FileSet.in("SegmentationClass", ".png");
        return new Layouts("val", List.of(""), List.of(
            new PairedFiles("a folder like PASCAL VOC", pictures, labels, listed ? "ImageSets/Segmentation/" + SPLIT + ".txt" : null, reader)));
    }

    private static Layouts voc(boolean reduceZero) {
        Function<Path, Truth> reader = reduced(reduceZero, by(IdTable.of("voc")));
        return new Layouts("val", List.of("", "VOC2012", "VOCdevkit/VOC2012"), List.of(
            new PairedFiles("PASCAL VOC 2012 devkit", FileSet.in("JPEGImages", ".jpg"), FileSet.in("SegmentationClass", ".png"),
                "ImageSets/Segmentation/" + SPLIT + ".txt", reader)));
    }

    private static Layouts context(boolean reduceZero) {
        FileSet pictures = FileSet.in("JPEGImages", ".jpg");
        String publisherList = "ImageSets/Main/" + SPLIT + ".txt";
        IdTable all = IdTable.of("context459").others(CONTEXT_LABELS, 0, "other");
        return new Layouts("val", List.of("", "VOC2010", "VOCdevkit/VOC2010"), List.of(
            new PairedFiles("PASCAL Context as the usual conversion makes it", pictures, FileSet.in("SegmentationClassContext", ".png"),
                "ImageSets/SegmentationContext/" + SPLIT + ".txt", reduced(reduceZero, asTheyAre())),
            new PairedFiles("PASCAL Context, published maps of 59 classes", pictures, FileSet.in("59_context_labels", ".png"), publisherList,
                reduced(reduceZero, by(IdTable.of("context59")))),
            new PairedFiles("PASCAL Context, published maps of 459 labels", pictures, FileSet.in("trainval", ".mat"), publisherList,
                reduced(reduceZero, file -> new TableTruth(file, MatFile::labelMap, all))),
            new PairedFiles("PASCAL Context, maps of 459 labels as PNG", pictures, FileSet.in("trainval", ".png"), publisherList,
                reduced(reduceZero, by(all)))));
    }

    private static Layouts cocoObject() {
        // Stuff and what is unlabelled are background, as in the usual conversion (convert_dataset/convert_coco_object.py of NVlabs/GroupViT).
        IdTable maps = IdTable.of("coco_stuff").relabelled(label -> label < COCO_THINGS ? label + 1 : 0);
        IdTable categories = IdTable.of("coco_object");
        List<Layout> layouts = new ArrayList<>();
        for (String pictures : COCO_PICTURE_FOLDERS) {
            layouts.add(new PairedFiles("COCO Object as the usual conversion makes it", FileSet.in(pictures, ".jpg"),
                FileSet.in(COCO_MAP_FOLDERS.getFirst(), "_instanceTrainIds.png"), null, asTheyAre()));
            layouts.addAll(stuffThingMaps(pictures, maps));
            layouts.add(new CocoInstances(pictures, categories));
            layouts.add(new CocoPanoptic(pictures, categories));
        }
        return new Layouts("val2017", List.of("", "coco_stuff164k", "coco"), layouts);
    }

    private static Layouts cocoStuff() {
        List<Layout> layouts = new ArrayList<>();
        for (String pictures : COCO_PICTURE_FOLDERS) {
            layouts.add(new PairedFiles("COCO-Stuff as the usual conversion makes it", FileSet.in(pictures, ".jpg"),
                FileSet.in(COCO_MAP_FOLDERS.getFirst(), "_labelTrainIds.png"), null, asTheyAre()));
            layouts.addAll(stuffThingMaps(pictures, IdTable.of("coco_stuff")));
        }
        return new Layouts("val2017", List.of("", "coco_stuff164k", "coco"), layouts);
    }

    private static List<Layout> stuffThingMaps(String pictures, IdTable table) {
        return COCO_MAP_FOLDERS.stream().<Layout>map(folder -> new PairedFiles("COCO-Stuff's stuffthingmaps", FileSet.in(pictures, ".jpg"),
            FileSet.in(folder, ".png"), null, by(table))).toList();
    }

    private static Layouts cityscapes() {
        FileSet pictures = FileSet.below("leftImg8bit/" + SPLIT, "_leftImg8bit.png");
        String folder = "gtFine/" + SPLIT;
        return new Layouts("val", List.of("", "cityscapes"), List.of(
            new PairedFiles("Cityscapes, train ids", pictures, FileSet.below(folder, "_gtFine_labelTrainIds.png"), null, asTheyAre()),
            new PairedFiles("Cityscapes, published ids", pictures, FileSet.below(folder, "_gtFine_labelIds.png"), null, by(IdTable.of("cityscapes")))));
    }

    private static Layouts ade(boolean reduceZero) {
        return new Layouts("validation", List.of("", "ADEChallengeData2016", "ade/ADEChallengeData2016"), List.of(
            new PairedFiles("ADEChallengeData2016", FileSet.in("images/" + SPLIT, ".jpg"), FileSet.in("annotations/" + SPLIT, ".png"), null,
                reduced(reduceZero, by(IdTable.of("ade20k"))))));
    }

    /** PNG files whose values are labels. */
    private static Function<Path, Truth> asTheyAre() {
        return file -> () -> LabelPng.read(file);
    }

    /** PNG files whose values stand for labels. */
    private static Function<Path, Truth> by(IdTable table) {
        return file -> new TableTruth(file, LabelPng::read, table);
    }

    private static Function<Path, Truth> reduced(boolean reduceZero, Function<Path, Truth> reader) {
        return reduceZero ? reader.andThen(ReducedTruth::new) : reader;
    }
}
