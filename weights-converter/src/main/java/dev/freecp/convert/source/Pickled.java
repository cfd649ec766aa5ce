package dev.freecp.convert.source;

import java.util.List;

/**
 * What a pickle can hold beside Java's own words for Python's: {@code null}, {@link Boolean}, {@link Long}, {@link java.math.BigInteger}, {@link
 * Double}, {@link String}, {@code byte[]}, {@link java.util.ArrayList} and {@link java.util.LinkedHashMap}. Equality is identity: comparing by
 * content could walk a structure that is deep, or that holds itself.
 */
sealed interface Pickled {

    /** A name of something in Python; only ever a name here. */
    record Global(String module, String name) implements Pickled {

        /** {@code collections.OrderedDict}. */
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    final class Tuple implements Pickled {

        private final List<Object> items;

        /** Keeps {@code items}, which nobody may change afterwards. */
        Tuple(List<Object> items) {
            this.items = items;
        }

        List<Object> items() {
            return items;
        }
    }

    /** A set or frozenset, as the list of what was put into it. */
    final class Bag implements Pickled {

        private final List<Object> items;

        Bag(List<Object> items) {
            this.items = items;
        }

        List<Object> items() {
            return items;
        }
    }

    /** An object of a class: its name and the state it was given. No such class exists here. */
    final class Instance implements Pickled {

        private final Global type;
        private Object state;

        Instance(Global type) {
            this.type = type;
        }

        Global type() {
            return type;
        }

        Object state() {
            return state;
        }

        void state(Object given) {
            state = given;
        }
    }

    /** A value that means something to the host alone, such as a storage or a tensor. */
    non-sealed interface Foreign extends Pickled {
    }
}
