package dev.freecp.report.export;

import dev.freecp.segment.Vocabulary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * GeoJSON (RFC 7946) with a feature for each class that has regions. Coordinates are pixels, x to the right and y down from the upper left corner,
 * not degrees. By these numbers outer rings run counterclockwise and holes clockwise, as the standard wants it; on a screen, where y points down,
 * it looks the other way around.
 */
final class GeoJsonFormat implements PictureFormat {

    private static final String ENDING = ".geojson";

    @Override
    public String name() {
        return "geojson";
    }

    @Override
    public String mediaType() {
        return "application/geo+json";
    }

    @Override
    public boolean hasRegions() {
        return true;
    }

    @Override
    public List<String> endings(Vocabulary vocabulary) {
        return List.of(ENDING);
    }

    @Override
    public Map<String, Content> files(ExportPicture picture) {
        return Map.of(picture.name() + ENDING, out -> out.write(Json.bytes(collection(picture))));
    }

    private static Map<String, Object> collection(ExportPicture picture) {
        Collection<List<Outline>> classes = picture.outlines().stream()
            .collect(Collectors.groupingBy(Outline::label, TreeMap::new, Collectors.toList())).values();
        return Json.object("type", "FeatureCollection",
            "picture", Json.object("file", picture.fileName(), "height", picture.height(), "width", picture.width()),
            "features", classes.stream().map(outlines -> feature(picture, outlines)).toList());
    }

    private static Map<String, Object> feature(ExportPicture picture, List<Outline> outlines) {
        long area = outlines.stream().mapToLong(Outline::pixels).sum();
        double sum = outlines.stream().mapToDouble(outline -> outline.confidence() * outline.pixels()).sum();
        List<List<List<int[]>>> polygons = outlines.stream().map(GeoJsonFormat::polygon).toList();
        Map<String, Object> geometry = polygons.size() == 1 ? Json.object("type", "Polygon", "coordinates", polygons.getFirst())
            : Json.object("type", "MultiPolygon", "coordinates", polygons);
        return Json.object("type", "Feature", "geometry", geometry, "properties",
            Json.object("class", picture.className(outlines.getFirst()), "label", outlines.getFirst().label(), "area", area,
                "confidence", Json.round(sum / area)));
    }

    private static List<List<int[]>> polygon(Outline outline) {
        List<List<int[]>> rings = new ArrayList<>();
        rings.add(closed(outline.outer()));
        outline.holes().forEach(hole -> rings.add(closed(hole)));
        return rings;
    }

    private static List<int[]> closed(Ring ring) {
        List<int[]> points = Json.points(ring);
        points.add(points.getFirst());
        return points;
    }
}
