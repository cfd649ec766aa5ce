package dev.freecp.serve;

import dev.freecp.clip.Cleaning;
import dev.freecp.segment.QuerySentences;
import dev.freecp.segment.SegmentSettings;
import dev.freecp.segment.TextCache;
import dev.freecp.segment.Vocabulary;
import java.util.Map;

/**
 * What a request wants to know of its picture.
 *
 * @param sentences behind the words
 * @param cache     where the words' features may lie on disk
 * @param mode      whose method, released or paper, for the report
 * @param text      how the words become numbers, for the report
 */
public record Order(Vocabulary vocabulary, QuerySentences sentences, TextCache cache, Cleaning cleaning, SegmentSettings settings, String mode,
    Map<String, Object> text) {

    /**
     * Tells what parameters mean. Their names and values are those of the command line, with underscores for hyphens; what is missing is as the server was
     * started.
     */
    public interface Reader {

        /** @throws dev.freecp.error.UsageException if a parameter is unknown or wrong, or there are no classes */
        Order read(Map<String, String> parameters);

        /**
         * How labels are to be found, whatever the words.
         *
         * @throws dev.freecp.error.UsageException if a parameter is unknown or wrong
         */
        SegmentSettings settings(Map<String, String> parameters);

        /** Name and value of the parameters that a page offers, as they are if a request says nothing. */
        Map<String, Object> defaults();
    }
}
