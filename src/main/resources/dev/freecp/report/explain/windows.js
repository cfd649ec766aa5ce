/* Where the windows lie, what each would say alone, and how far they agree before they are put together. */

const windowLabels = await unpackLabels(pixels.windows.labels);

/** The labels of a window alone. */
function windowCanvas(number) {
  const { height, width } = pixels.windows, from = number * height * width;
  const canvas = fill(paint(height, width, i => solid(windowLabels[from + i])), { class: "whole", role: "img", "aria-label": `Labels that window ${number + 1} alone would give` }, []);
  explore(canvas, height, width, 1, (y, x, event) => showTip(event, names[windowLabels[from + y * width + x]]));
  return canvas;
}

/** Percentages of agreement of each window with each. */
function agreementTable() {
  const cell = (value, a, b) => {
    const both = a === b || value == null;
    const box = el("td", { title: value == null ? `windows ${a + 1} and ${b + 1} do not overlap` : `windows ${a + 1} and ${b + 1}` }, both ? "" : (100 * value).toFixed(0));
    if (!both) box.style.background = `color-mix(in srgb, var(--accent) ${Math.round(45 * value)}%, transparent)`;
    return box;
  };
  const head = el("tr", {}, el("td"), facts.agreement.map((_, i) => el("th", { scope: "col" }, String(i + 1))));
  const rows = facts.agreement.map((row, a) => el("tr", {}, el("th", { scope: "row" }, String(a + 1)), row.map((value, b) => cell(value, a, b))));
  return el("figure", {}, el("div", { class: "scroll" }, el("table", { class: "agreement" }, head, rows)),
    el("figcaption", {}, "Percent of the pixels that two windows share on which their own labels are the same"));
}

function showWindows() {
  const { height, width } = facts.picture.resized, many = facts.windows.length > 1;
  byId("windows-intro").textContent = `The picture of ${facts.picture.height} × ${facts.picture.width} pixels was resized to ${height} × ${width} and seen `
    + (many ? `through ${facts.windows.length} windows` : "as one window") + ` of ${facts.grid.height} × ${facts.grid.width} cells. Every word is judged in each window on its own.`;
  windowPicker("windows-picker");
  const rectangles = facts.windows.map((w, i) => svg("rect", { x: w.x0 + 1, y: w.y0 + 1, width: w.x1 - w.x0 - 2, height: w.y1 - w.y0 - 2, stroke: "#fff",
    "vector-effect": "non-scaling-stroke", onclick: () => chooseWindow(i) }, svg("title", {}, `window ${i + 1}`)));
  const frame = el("div", { class: "layered" }, picture(), svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, rectangles));
  const alone = el("div"), kept = el("figcaption");
  byId("windows-body").append(el("figure", {}, frame, el("figcaption", {}, "Windows over the picture")), el("figure", {}, alone, kept), many ? agreementTable() : "");
  windowViews.push(number => {
    rectangles.forEach((rectangle, i) => fill(rectangle, i === number ? { fill: "#ffffff38", "stroke-width": 3, "stroke-opacity": 1 }
      : { fill: "#00000000", "stroke-width": 1, "stroke-opacity": 0.6 }, []));
    alone.replaceChildren(windowCanvas(number));
    const left = facts.windows[number].kept.map(name => el("span", { class: "named" }, swatch(facts.words.find(word => word.word === name).label), name));
    kept.replaceChildren(`Window ${number + 1} alone. ${left.length ? "Kept: " : "Nothing kept."}`, ...left);
  });
}

showWindows();
