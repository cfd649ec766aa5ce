package dev.freecp.clip;

import java.text.Normalizer;

/** What happens to a text before it is split into tokens (specification, section 4). */
public enum Cleaning {

    /** CLIP's own tokenizer: ftfy, HTML entities, white space, lower case. What the released numbers need. */
    FTFY {
        @Override
        public String apply(String text) {
            return LowerCase.ofText(TextCleaner.clean(text));
        }
    },

    /** CLIPTokenizer of Hugging Face's transformers: NFC, white space, and lower case of each character by itself. */
    PLAIN {
        @Override
        public String apply(String text) {
            return LowerCase.ofCharacters(TextCleaner.collapseSpaces(Normalizer.normalize(text, Normalizer.Form.NFC)));
        }
    };

    /** The cleaned text: no white space at its ends, single spaces inside, lower case. */
    public abstract String apply(String text);
}
