/* The picture, its labels and confidences, and what lies under the pointer. */

const labels = await unpackLabels(pixels.labels), confidence = await unpack(pixels.confidence);
const names = facts.labels, background = facts.classes[0].background_words ? 0 : -1;
const DIMMED = [25, 28, 33], HIDDEN = [10, 12, 16], CONTOUR = [255, 255, 255, 200], CLEAR = [0, 0, 0, 0];

/** A label as an opaque colour. */
const solid = label => label === background ? [48, 54, 61, 255] : [...colors[label], 255];

/** The picture under one of four layers; show(mode) and only(label) change what is seen. */
function viewer() {
  const { height, width } = pixels;
  let mode = "overlay", wanted = -1;
  const edge = i => (i % width + 1 < width && labels[i + 1] !== labels[i]) || (i + width < labels.length && labels[i + width] !== labels[i]);
  const hidden = i => wanted >= 0 && labels[i] !== wanted;
  const layers = {
    overlay: i => hidden(i) ? [...HIDDEN, 190] : edge(i) ? CONTOUR : labels[i] === background ? [...DIMMED, 120] : [...colors[labels[i]], 150],
    labels: i => hidden(i) ? [...HIDDEN, 255] : solid(labels[i]),
    confidence: i => hidden(i) ? CLEAR : heat[confidence[i]],
    picture: i => hidden(i) ? [...HIDDEN, 190] : CLEAR
  };
  const frame = el("div", { class: "layered", tabindex: 0, role: "application", "aria-label": "Labels of the picture; the arrow keys move the cursor", "aria-describedby": "pointed" });
  const cursor = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const draw = () => {
    frame.classList.toggle("faded", mode === "confidence");
    frame.replaceChildren(picture(), paint(height, width, layers[mode]), cursor);
  };
  explore(frame, height, width, Math.max(1, Math.round(width / 80)), (y, x, event) => {
    const i = y * width + x, text = `${names[labels[i]]}, confidence ${digits(confidence[i] / 255)}`;
    byId("pointed").textContent = text;
    if (event) {
      showTip(event, text);
      cursor.replaceChildren();
    } else cursor.replaceChildren(svg("path", { d: `M${x} 0V${height}M0 ${y}H${width}`, stroke: "#fff", fill: "none", "stroke-dasharray": "4 3", "vector-effect": "non-scaling-stroke" }));
  }, () => cursor.replaceChildren());
  draw();
  return {
    frame,
    show: chosen => { mode = chosen; draw(); },
    only: label => { wanted = label; draw(); }
  };
}

/** The classes that were found; pressing one shows it alone, pressing it again shows all. */
function legend(found, view) {
  let pressed = null;
  const rows = found.map(c => {
    const button = el("button", { "aria-pressed": "false", title: "Show only this", onclick: () => {
      pressed?.setAttribute("aria-pressed", "false");
      pressed = pressed === button ? null : button;
      pressed?.setAttribute("aria-pressed", "true");
      view.only(pressed ? c.label : -1);
    } }, c.label === background ? null : swatch(c.label), c.name);
    return el("tr", {}, el("td", {}, button), el("td", {}, percent(c.share)), el("td", {}, digits(c.confidence)));
  });
  return el("div", { class: "scroll" }, el("table", {}, el("tr", {}, el("th", {}, "class"), el("th", {}, "area"), el("th", {}, "confidence")), rows));
}

function showAnswer() {
  const found = facts.classes.filter(c => c.pixels > 0).sort((a, b) => b.pixels - a.pixels), more = found.length > 8 ? ` and ${found.length - 8} more` : "";
  byId("title").textContent = facts.picture.file.split(/[\\/]/).pop();
  byId("summary").textContent = `${plural(facts.words.length, "word")}, ${plural(facts.windows.length, "window")}; found: `
    + found.slice(0, 8).map(c => `${c.name} ${percent(c.share)}`).join(", ") + more + ".";
  const view = viewer();
  byId("modes").append(choice("Shown", [["overlay", "Overlay"], ["labels", "Labels"], ["picture", "Picture"], ["confidence", "Confidence"]], "overlay", view.show));
  byId("viewer").append(view.frame);
  byId("legend").append(legend(found, view));
}

showAnswer();
