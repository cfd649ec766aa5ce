package dev.freecp.clip;

import dev.freecp.error.InputException;
import dev.freecp.error.UsageException;

import java.nio.file.Path;
import java.util.List;

/**
 * Sentences with a gap {@code {}} for the word, whose mean is a word's text feature (specification, section 4 and appendix B).
 *
 * @param templates at least one; each has the gap once or several times
 */
public record PromptTemplates(List<String> templates) {

    private static final String GAP = "{}";

    /** @throws UsageException if there is no template, or one has no gap */
    public PromptTemplates {
        templates = List.copyOf(templates);
        if (templates.isEmpty()) {
            throw new UsageException("a list of templates needs at least one sentence with {} where the word goes");
        }
        for (String template : templates) {
            if (!template.contains(GAP)) {
                throw new UsageException("template '" + template + "' has no {} where the word goes");
            }
        }
    }

    /** The 80 ImageNet templates published with CLIP. */
    public static PromptTemplates clip80() {
        return new PromptTemplates(Utf8Lines.resource(PromptTemplates.class, "templates80.txt"));
    }

    /** One template, such as {@code a photo of a {}.} */
    public static PromptTemplates single(String template) {
        return new PromptTemplates(List.of(template));
    }

    /**
     * Templates from a UTF-8 file, one a line; blank lines and lines that begin with {@code #} do not count.
     *
     * @throws InputException if the file cannot be read, has no template, or a template has no gap
     */
    public static PromptTemplates read(Path file) {
        try {
            return new PromptTemplates(Utf8Lines.withoutComments(Utf8Lines.read(file)).stream().map(String::strip).toList());
        } catch (UsageException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
    }

    /** All sentences for one word, in order. */
    public List<String> fill(String word) {
        return templates.stream().map(template -> template.replace(GAP, word)).toList();
    }
}
