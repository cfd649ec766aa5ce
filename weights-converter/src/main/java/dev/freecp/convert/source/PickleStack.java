package dev.freecp.convert.source;

import java.util.ArrayList;
import java.util.List;

/** The stack of a pickle machine with its marks; nothing is taken from below the last mark. */
final class PickleStack {

    private static final int MAX_MARKS = 10_000;

    private final Place place;
    private final PickleInput in;
    private final ArrayList<Object> values = new ArrayList<>();
    private final ArrayList<Integer> marks = new ArrayList<>();

    PickleStack(Place place, PickleInput in) {
        this.place = place;
        this.in = in;
    }

    void push(Object value) {
        values.add(value);
    }

    void mark() {
        if (marks.size() == MAX_MARKS) throw place.tooLarge("byte " + in.opcodeAt() + ": more than " + MAX_MARKS + " open marks");
        marks.add(values.size());
    }

    Object top() {
        if (values.size() <= floor()) throw in.malformed("the stack is empty");
        return values.getLast();
    }

    Object pop() {
        top();
        return values.removeLast();
    }

    /** The last {@code count} values, oldest first. */
    List<Object> pop(int count) {
        if (values.size() - count < floor()) throw in.malformed("the stack is empty");
        return cut(values.size() - count);
    }

    /** Everything above the last mark, oldest first, and the mark. */
    List<Object> popToMark() {
        if (marks.isEmpty()) throw in.malformed("no mark is open");
        return cut(marks.removeLast());
    }

    /** What POP does: drops the top, be it a value or a mark. */
    void drop() {
        if (!marks.isEmpty() && marks.getLast() == values.size()) marks.removeLast();
        else pop();
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.getLast();
    }

    private List<Object> cut(int from) {
        List<Object> tail = values.subList(from, values.size());
        List<Object> items = new ArrayList<>(tail);
        tail.clear();
        return items;
    }
}
