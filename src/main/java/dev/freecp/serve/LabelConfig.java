package dev.freecp.serve;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What a labelling configuration of Label Studio asks for.
 *
 * @param polygons whether regions are polygons, otherwise brush strokes
 * @param from     name of the control with the labels
 * @param to       name of the picture it belongs to
 * @param data     under which a task has its picture
 * @param labels   names of the classes, words of one with a comma and a space between them
 */
record LabelConfig(boolean polygons, String from, String to, String data, List<String> labels) {

    private static final String BRUSH = "BrushLabels", POLYGONS = "PolygonLabels";

    /** @throws Refusal if it has no brush or polygon labels for a picture */
    static LabelConfig parse(String xml) {
        Element root = root(xml);
        Element control = first(root, BRUSH), polygons = first(root, POLYGONS);
        if (control == null) control = polygons;
        if (control == null) throw refusal("has neither " + BRUSH + " nor " + POLYGONS);
        String to = control.getAttribute("toName");
        Element image = elements(root, "Image").stream().filter(one -> one.getAttribute("name").equals(to)).findFirst()
            .orElseThrow(() -> refusal("has no Image '" + to + "'"));
        List<String> labels = elements(control, "Label").stream().map(label -> label.getAttribute("value")).toList();
        if (labels.isEmpty()) throw refusal("has no Label in " + control.getTagName());
        labels.stream().filter(label -> label.contains(";")).findFirst().ifPresent(label -> {
            throw refusal("has a semicolon in the label '" + label + "', which separates classes here");
        });
        return new LabelConfig(control == polygons, control.getAttribute("name"), to, image.getAttribute("value").replaceFirst("^\\$", ""), labels);
    }

    /** Document types and what they bring (other files, entities that grow) are refused. */
    private static Element root(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());                            // throws and prints nothing
            return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
        } catch (SAXException e) {
            throw refusal("is no well-formed XML (" + e.getMessage() + ")");
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("the JDK's own parser has these features and reads strings", e);
        }
    }

    private static Element first(Element root, String tag) {
        return elements(root, tag).stream().findFirst().orElse(null);
    }

    private static List<Element> elements(Element root, String tag) {
        NodeList found = root.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) elements.add((Element) found.item(i));
        return elements;
    }

    private static Refusal refusal(String problem) {
        return new Refusal(Refusal.BAD_REQUEST, "the labelling configuration " + problem);
    }
}
