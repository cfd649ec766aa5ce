package dev.freecp.evaluate.data;

import dev.freecp.clip.Utf8Lines;
import dev.freecp.error.InputException;
import dev.freecp.evaluate.ConfusionMatrix;
import dev.freecp.image.LabelMap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** What the values in a publisher's files stand for: lines of value, label and name in a resource that cites where they come from. Immutable. */
final class IdTable {

    /** @param label 0..K-1, or {@link ConfusionMatrix#IGNORED} */
    record Entry(int label, String name) {
    }

    private final String resource;
    private final Map<Integer, Entry> entries;

    private IdTable(String resource, Map<Integer, Entry> entries) {
        this.resource = resource;
        this.entries = entries;
    }

    /** The table {@code NAME.txt}. */
    static IdTable of(String name) {
        Map<Integer, Entry> entries = new LinkedHashMap<>();
        for (String line : Utf8Lines.resource(IdTable.class, name + ".txt")) {
            String[] fields = line.split(" ", 3);
            entries.put(Integer.parseInt(fields[0]), new Entry(Integer.parseInt(fields[1]), fields[2]));
        }
        return new IdTable(name, entries);
    }

    /** This table, with values from 0 to {@code last} that it does not list standing for a label. */
    IdTable others(int last, int label, String name) {
        Map<Integer, Entry> all = new LinkedHashMap<>(entries);
        for (int value = 0; value <= last; value++) all.putIfAbsent(value, new Entry(label, name));
        return new IdTable(resource, all);
    }

    /** This table with other labels for the same values. */
    IdTable relabelled(IntUnaryOperator labelOfLabel) {
        Map<Integer, Entry> all = new LinkedHashMap<>();
        entries.forEach((value, entry) -> all.put(value, new Entry(labelOfLabel.applyAsInt(entry.label()), entry.name())));
        return new IdTable(resource, all);
    }

    /** Values in the order of the file. */
    List<Integer> values() {
        return List.copyOf(entries.keySet());
    }

    /** What a value stands for; null if the table does not know it. */
    Entry entry(int value) {
        return entries.get(value);
    }

    /**
     * The labels of a map of values.
     *
     * @param file the map's file, for the message
     * @throws InputException if the table does not know a value
     */
    LabelMap labels(LabelMap values, String file) {
        int[] labels = new int[values.labels().length];
        int last = -1;
        int label = -1;
        for (int i = 0; i < labels.length; i++) {
            int value = values.labels()[i];
            if (value != last) {   // neighbours are mostly alike
                Entry entry = entries.get(value);
                if (entry == null) {
                    throw new InputException(file + ": holds the value " + value + " at row " + i / values.width() + ", column " + i % values.width()
                        + ", which the table " + resource + " does not know; is this file what its folder's name says?");
                }
                last = value;
                label = entry.label();
            }
            labels[i] = label;
        }
        return new LabelMap(values.height(), values.width(), labels);
    }
}
