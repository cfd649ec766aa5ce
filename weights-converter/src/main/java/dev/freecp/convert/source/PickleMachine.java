package dev.freecp.convert.source;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a pickle of protocols 0 to 5 and executes nothing: a global is a name, an object is its name and state, and a call (REDUCE, INST, OBJ,
 * NEWOBJ_EX) of a name that the {@link PickleHost} does not know is refused with name and byte.
 *
 * <p>Opcodes: Python's {@code pickletools}. Memory and steps are paid from a {@link Budget}.
 */
final class PickleMachine {

    private static final int MAX_PROTOCOL = 5;
    private static final int MAX_NAME = 1_000;

    private final Place place;
    private final PickleInput in;
    private final Budget budget;
    private final PickleHost host;
    private final Set<String> globals;
    private final PickleStack stack;
    private final Map<Long, Object> memo = new HashMap<>();

    /** @param globals collects the names that the pickle refers to */
    PickleMachine(Place place, PickleInput in, Budget budget, PickleHost host, Set<String> globals) {
        this.place = place;
        this.in = in;
        this.budget = budget;
        this.host = host;
        this.globals = globals;
        this.stack = new PickleStack(place, in);
    }

    /**
     * The object that the pickle describes; the input then stands behind it.
     *
     * @throws Refusal if the pickle is malformed, unsafe or too large
     */
    Object run() {
        while (true) {
            budget.step();
            int opcode = in.opcode();
            if (opcode == '.') return stack.pop();
            step(opcode);
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> {
                int protocol = in.u8();
                if (protocol > MAX_PROTOCOL) throw in.malformed("pickle protocol " + protocol + ", the newest is " + MAX_PROTOCOL);
            }
            case 0x95 -> in.requireLeft(in.i64());

            case 'N' -> stack.push(null);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'I' -> stack.push(PickleText.integerOrFlag(in));
            case 'J' -> pushLong(in.i32());
            case 'K' -> pushLong(in.u8());
            case 'M' -> pushLong(in.u16());
            case 'L' -> stack.push(PickleText.integer(in));
            case 0x8a -> stack.push(integer(in.u8()));
            case 0x8b -> stack.push(integer(in.i32()));
            case 'F' -> stack.push(PickleText.real(in));
            case 'G' -> {
                budget.units(1);
                stack.push(in.f64());
            }

            case 'S' -> stack.push(PickleText.quoted(in));
            case 'T' -> stack.push(in.oldText(in.i32()));
            case 'U' -> stack.push(in.oldText(in.u8()));
            case 'V' -> stack.push(PickleText.unicode(in));
            case 'X' -> stack.push(in.utf8(in.u32()));
            case 0x8c -> stack.push(in.utf8(in.u8()));
            case 0x8d -> stack.push(in.utf8(in.i64()));
            case 'B' -> stack.push(in.bytes(in.u32()));
            case 'C' -> stack.push(in.bytes(in.u8()));
            case 0x8e, 0x96 -> stack.push(in.bytes(in.i64()));

            case '(' -> stack.mark();
            case '0' -> stack.drop();
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.top());

            case ')' -> pushTuple(List.of());
            case 't' -> pushTuple(stack.popToMark());
            case 0x85 -> pushTuple(stack.pop(1));
            case 0x86 -> pushTuple(stack.pop(2));
            case 0x87 -> pushTuple(stack.pop(3));
            case ']' -> pushList(new ArrayList<>(0));
            case 'l' -> pushList(stack.popToMark());
            case 'a' -> append(stack.pop(1));
            case 'e' -> append(stack.popToMark());
            case '}' -> pushDictionary(List.of());
            case 'd' -> pushDictionary(stack.popToMark());
            case 's' -> set(stack.pop(2));
            case 'u' -> set(stack.popToMark());
            case 0x8f -> pushBag(new ArrayList<>(0));
            case 0x91 -> pushBag(stack.popToMark());
            case 0x90 -> add(stack.popToMark());

            case 'p' -> remember(PickleText.index(in));
            case 'q' -> remember(in.u8());
            case 'r' -> remember(in.u32());
            case 0x94 -> remember(memo.size());
            case 'g' -> recall(PickleText.index(in));
            case 'h' -> recall(in.u8());
            case 'j' -> recall(in.u32());

            case 'c' -> stack.push(global(in.line(MAX_NAME), in.line(MAX_NAME)));
            case 0x93 -> {
                List<Object> names = stack.pop(2);
                if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) throw in.malformed("a global whose names are no text");
                stack.push(global(module, name));
            }
            case 'R' -> {
                Object arguments = stack.pop();
                stack.push(call(stack.pop(), arguments(arguments)));
            }
            case 'i' -> {
                Pickled.Global global = global(in.line(MAX_NAME), in.line(MAX_NAME));
                stack.push(call(global, stack.popToMark()));
            }
            case 'o' -> {
                List<Object> items = stack.popToMark();
                if (items.isEmpty()) throw in.malformed("OBJ without a class");
                stack.push(call(items.getFirst(), items.subList(1, items.size())));
            }
            case 0x92 -> {
                Object keywords = stack.pop();
                Object arguments = stack.pop();
                Object callee = call(stack.pop(), arguments(arguments));
                if (!(keywords instanceof Map<?, ?> map) || !map.isEmpty()) throw in.malformed("a call with named arguments");
                stack.push(callee);
            }
            case 0x81 -> {
                Object arguments = stack.pop();
                stack.push(instance(stack.pop(), arguments(arguments)));
            }
            case 'b' -> build(stack.pop());
            case 'P' -> stack.push(host.persistent(in.line(), in));
            case 'Q' -> stack.push(host.persistent(stack.pop(), in));

            case 0x82, 0x83, 0x84 -> throw place.unsafe("byte " + in.opcodeAt() + ": an extension code, which stands for a global that the file does not name");
            case 0x97, 0x98 -> throw in.malformed("a buffer outside of the pickle");
            default -> throw in.malformed("opcode 0x" + Integer.toHexString(opcode) + " does not exist");
        }
    }

    private void pushLong(long value) {
        budget.units(1);
        stack.push(value);
    }

    private Object integer(int length) {
        return PickleText.narrow(length == 0 ? BigInteger.ZERO : new BigInteger(PickleText.reversed(in, length)));
    }

    private void pushTuple(List<Object> items) {
        budget.units(2 + items.size());
        stack.push(new Pickled.Tuple(items));
    }

    private void pushList(List<Object> items) {
        budget.units(3 + items.size());
        stack.push(items);
    }

    private void pushBag(List<Object> items) {
        budget.units(3);
        stack.push(new Pickled.Bag(new ArrayList<>(0)));
        add(items);
    }

    private void pushDictionary(List<Object> items) {
        budget.units(5);
        stack.push(new LinkedHashMap<>());
        set(items);
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> items) {
        budget.units(items.size());
        switch (stack.top()) {
            case List<?> list -> ((List<Object>) list).addAll(items);
            case Pickled.Instance _ -> { }
            case null, default -> throw in.malformed("an append to what is no list");
        }
    }

    private void add(List<Object> items) {
        budget.units(items.size());
        for (Object item : items) requireKey(item);
        if (!(stack.top() instanceof Pickled.Bag bag)) throw in.malformed("an addition to what is no set");
        bag.items().addAll(items);
    }

    /** Keys and values in turn. A key that comes twice is refused: Python would keep the last, and no pickler writes it. */
    @SuppressWarnings("unchecked")
    private void set(List<Object> items) {
        if (items.size() % 2 != 0) throw in.malformed("a key without a value");
        budget.units(2L * items.size());
        Object target = stack.top();
        if (target instanceof Pickled.Instance) return;
        if (!(target instanceof Map<?, ?> map)) throw in.malformed("an item for what is no dictionary");
        for (int i = 0; i < items.size(); i += 2) {
            Object key = requireKey(items.get(i));
            if (map.containsKey(key)) throw in.malformed("the key " + (key instanceof String text ? "'" + text + "' " : "") + "comes twice in one dictionary");
            ((Map<Object, Object>) map).put(key, items.get(i + 1));
        }
    }

    private Object requireKey(Object key) {
        if (key instanceof List || key instanceof Map || key instanceof Pickled.Bag) throw in.malformed("a key that can change");
        return key;
    }

    private void remember(long index) {
        budget.units(4);
        memo.put(index, stack.top());
    }

    private void recall(long index) {
        if (!memo.containsKey(index)) throw in.malformed("number " + index + " was never stored");
        stack.push(memo.get(index));
    }

    private Pickled.Global global(String module, String name) {
        if (module.length() > MAX_NAME || name.length() > MAX_NAME) throw in.malformed("a global whose name is longer than " + MAX_NAME);
        Pickled.Global global = new Pickled.Global(module, name);
        budget.bytes(2L * module.length() + 2L * name.length());
        globals.add(global.toString());
        return global;
    }

    private List<Object> arguments(Object arguments) {
        if (!(arguments instanceof Pickled.Tuple tuple)) throw in.malformed("arguments that are no tuple");
        return tuple.items();
    }

    private Object call(Object callee, List<Object> arguments) {
        if (!(callee instanceof Pickled.Global global)) throw place.unsafe("byte " + in.opcodeAt() + ": calls an object");
        if (!host.isKnown(global)) throw place.unsafe("byte " + in.opcodeAt() + ": calls " + global + ", and nothing in a weight file needs to be run");
        return host.call(global, arguments, in);
    }

    private Object instance(Object type, List<Object> arguments) {
        if (!(type instanceof Pickled.Global global)) throw in.malformed("an object whose class is no global");
        if (host.isKnown(global)) return host.call(global, arguments, in);
        budget.units(2);
        return new Pickled.Instance(global);
    }

    /**
     * Gives an object its state. Dictionaries (an ordered one carries {@code _metadata}) lose theirs, and so do the host's values; but attributes
     * that name unknown globals would, in Python, replace a known object's methods.
     */
    private void build(Object state) {
        switch (stack.top()) {
            case Pickled.Instance instance when instance.state() == null -> instance.state(state);
            case Map<?, ?> _ -> requireInert(state);
            case Pickled.Foreign _ -> requireInert(state);
            case null, default -> throw in.malformed("a state for what takes none");
        }
    }

    private void requireInert(Object state) {
        if (!(state instanceof Map<?, ?> attributes)) return;
        for (Object value : attributes.values()) {
            if (value instanceof Pickled.Global global && !host.isKnown(global)) {
                throw place.unsafe("byte " + in.opcodeAt() + ": puts " + global + " into an object that is no stranger to it");
            }
        }
    }
}
