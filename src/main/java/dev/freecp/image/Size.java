package dev.freecp.image;

/** Height and width of a picture in pixels. */
public record Size(int height, int width) {

    /** {@code 375 x 500}: height first, as everywhere in the engine. */
    @Override
    public String toString() {
        return height + " x " + width;
    }
}
