package dev.freecp.report.export;

import java.util.List;

/**
 * A region of one label, whose pixels hang together by their sides, and its outline.
 *
 * @param label      of all its pixels
 * @param number     of the region, {@link Regions#numbers}
 * @param pixels     how many it has
 * @param confidence their mean
 * @param x0         first column
 * @param y0         first row
 * @param x1         behind the last column
 * @param y1         behind the last row
 * @param outer      around it, the region on the right hand: with the y axis pointing down that is clockwise to the eye and, by numbers, the positive direction
 * @param holes      inside it, the region on the right hand as well
 */
record Outline(int label, int number, long pixels, double confidence, int x0, int y0, int x1, int y1, Ring outer, List<Ring> holes) {

    Outline with(Ring newOuter, List<Ring> newHoles) {
        return new Outline(label, number, pixels, confidence, x0, y0, x1, y1, newOuter, newHoles);
    }

    /** One closed line that fills to the same area, for formats without holes. */
    Ring keyhole() {
        return Keyhole.join(outer, holes);
    }
}
