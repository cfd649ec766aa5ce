/* The picture, its labels and confidences, and what lies under the pointer. */

const labels = await unpackLabels(pixels.labels), confidence = await unpack(pixels.confidence);
const names = facts.labels, background = names.length > new Set(facts.words.map(word => word.class)).size ? 0 : -1;

function showAnswer() {
  const found = facts.classes.filter(c => c.pixels > 0).sort((a, b) => b.pixels - a.pixels);
  byId("title").textContent = facts.picture.file.split(/[\\/]/).pop();
  byId("summary").textContent = `${plural(facts.words.length, "word")}, ${plural(facts.windows.length, "window")}; found: `
    + found.slice(0, 8).map(c => `${c.name} ${percent(c.share)}`).join(", ") + (found.length > 8 ? ` and ${found.length - 8} more` : "") + ".";

  const { height, width } = pixels;
  let only = -1;
  const edge = i => (i % width + 1 < width && labels[i + 1] !== labels[i]) || (i + width < labels.length && labels[i + width] !== labels[i]);
  const layers = {
    overlay: () => paint(height, width, i => only >= 0 && labels[i] !== only ? [10, 12, 16, 190] : edge(i) ? [255, 255, 255, 200]
      : labels[i] === background ? [25, 28, 33, 120] : [...colors[labels[i]], 150]),
    labels: () => paint(height, width, i => only >= 0 && labels[i] !== only ? [10, 12, 16, 255] : labels[i] === background ? [48, 54, 61, 255] : [...colors[labels[i]], 255]),
    confidence: () => paint(height, width, i => heat[confidence[i]]),
    picture: () => paint(1, 1, () => [0, 0, 0, 0])
  };
  let mode = "overlay";
  const frame = el("div", { class: "layered", tabindex: 0, role: "application", "aria-label": "Labels of the picture; the arrow keys move the cursor", "aria-describedby": "pointed" });
  const cursor = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const draw = () => {
    frame.classList.toggle("faded", mode === "confidence");
    frame.replaceChildren(picture(), layers[mode](), cursor);
  };
  byId("modes").append(choice("Shown", [["overlay", "Overlay"], ["labels", "Labels"], ["picture", "Picture"], ["confidence", "Confidence"]], mode, value => { mode = value; draw(); }));
  byId("viewer").append(frame);
  explore(frame, height, width, Math.max(1, Math.round(width / 80)), (y, x, event) => {
    const i = y * width + x, text = `${names[labels[i]]}, confidence ${digits(confidence[i] / 255)}`;
    byId("pointed").textContent = text;
    if (event) {
      showTip(event, text);
      cursor.replaceChildren();
    } else cursor.replaceChildren(svg("path", { d: `M${x} 0V${height}M0 ${y}H${width}`, stroke: "#fff", fill: "none", "vector-effect": "non-scaling-stroke", "stroke-dasharray": "4 3" }));
  }, () => cursor.replaceChildren());

  const highlight = label => { only = label; draw(); };
  const rows = found.map(c => {
    let pressed = false;
    const button = el("button", { "aria-pressed": "false", title: "Show only this", onclick: () => {
      pressed = only !== c.label;
      for (const other of document.querySelectorAll("#legend button")) other.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(pressed));
      highlight(pressed ? c.label : -1);
    } }, c.label === background ? null : swatch(c.label), c.name);
    return el("tr", {}, el("td", {}, button), el("td", {}, percent(c.share)), el("td", {}, digits(c.confidence)));
  });
  byId("legend").append(el("div", { class: "scroll" }, el("table", {}, el("tr", {}, el("th", {}, "class"), el("th", {}, "area"), el("th", {}, "confidence")), rows)));
  draw();
}

showAnswer();
