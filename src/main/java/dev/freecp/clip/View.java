package dev.freecp.clip;

import dev.freecp.ops.Region;
import dev.freecp.tensor.Tensor;
import java.util.List;

/**
 * A rectangle of a picture that the vision tower looks at. Views of one picture share its tensor: two views are equal if they show the same place of
 * the same tensor.
 *
 * @param picture (height, width, 3) uint8 on the backend
 * @param region  the rectangle
 */
public record View(Tensor picture, Region region) {

    /** Several rectangles of one picture. */
    public static List<View> of(Tensor picture, List<Region> regions) {
        return regions.stream().map(region -> new View(picture, region)).toList();
    }
}
