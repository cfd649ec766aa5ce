package dev.freecp.evaluate;

import dev.freecp.error.UsageException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One of several equal parts of a list, so that machines can share a data set.
 *
 * @param number from 1
 * @param count  of all parts
 */
public record Shard(int number, int count) {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})/([1-9]\\d{0,5})");

    /** @throws UsageException if there is no such part */
    public Shard {
        if (number < 1 || number > count)
            throw new UsageException("shard " + number + "/" + count + " is not there; shards are 1/" + count + " to " + count + "/" + count);
    }

    /** Reads {@code 2/4}: the second of four. */
    public static Shard parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) throw new UsageException("'" + text + "' is no shard such as 2/4, the second of four");
        return new Shard(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    /** As it is {@link #parse read}. */
    @Override
    public String toString() {
        return number + "/" + count;
    }

    /** Every {@code count}-th element, so that parts are alike even where a list is sorted. */
    public <T> List<T> of(List<T> all) {
        return IntStream.range(0, all.size()).filter(i -> i % count == number - 1).mapToObj(all::get).toList();
    }
}
