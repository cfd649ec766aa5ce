/* Where the windows lie, what each would say alone, and how far they agree before they are put together. */

const windowLabels = await unpackLabels(pixels.windows.labels);

/** The labels of a window alone. */
function windowCanvas(number) {
  const { height, width } = pixels.windows, from = number * height * width;
  return paint(height, width, i => windowLabels[from + i] === background ? [48, 54, 61, 255] : [...colors[windowLabels[from + i]], 255]);
}

function agreementTable() {
  const cells = facts.agreement.map((row, a) => el("tr", {}, el("th", { scope: "row" }, String(a + 1)), row.map((value, b) => {
    const cell = el("td", { title: value == null ? `windows ${a + 1} and ${b + 1} do not overlap` : `windows ${a + 1} and ${b + 1}` }, a === b || value == null ? "" : (100 * value).toFixed(0));
    if (a !== b && value != null) cell.style.background = `color-mix(in srgb, var(--accent) ${Math.round(45 * value)}%, transparent)`;
    return cell;
  })));
  const table = el("table", {}, el("tr", {}, el("th", {}, ""), facts.agreement.map((_, i) => el("th", { scope: "col" }, String(i + 1)))), cells);
  for (const cell of table.querySelectorAll("td, th")) cell.style.cssText += "padding: .25rem .5rem; text-align: center";
  return el("figure", {}, el("div", { class: "scroll" }, table), el("figcaption", {}, "Percent of the pixels that two windows share on which their own labels are the same"));
}

function showWindows() {
  const { height, width } = facts.picture.resized, many = facts.windows.length > 1;
  byId("windows-intro").textContent = `The picture of ${facts.picture.height} × ${facts.picture.width} pixels was resized to ${height} × ${width} and seen ${many
    ? `through ${facts.windows.length} windows` : "as one window"} of ${facts.grid.height} × ${facts.grid.width} cells. Every word is judged in each window on its own.`;
  windowPicker("windows-picker");
  const frame = el("div", { class: "layered" }, picture());
  const rectangles = facts.windows.map((w, i) => svg("rect", { x: w.x0 + 1, y: w.y0 + 1, width: w.x1 - w.x0 - 2, height: w.y1 - w.y0 - 2, "vector-effect": "non-scaling-stroke", stroke: "#fff",
    onclick: () => chooseWindow(i) }, svg("title", {}, `window ${i + 1}`)));
  frame.append(svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, rectangles));
  const alone = el("div"), kept = el("p", { class: "small" });
  byId("windows-body").append(el("figure", {}, frame, el("figcaption", {}, "Windows over the picture")), el("figure", {}, alone, kept), many ? agreementTable() : "");
  windowViews.push(number => {
    rectangles.forEach((rectangle, i) => {
      rectangle.setAttribute("fill", i === number ? "#ffffff38" : "#00000000");
      rectangle.setAttribute("stroke-width", i === number ? 3 : 1);
      rectangle.setAttribute("stroke-opacity", i === number ? 1 : 0.6);
    });
    const canvas = windowCanvas(number);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Labels that window ${number + 1} alone would give`);
    canvas.style.cssText = "width: 100%; border-radius: 6px; display: block";
    explore(canvas, pixels.windows.height, pixels.windows.width, 1, (y, x, event) => {
      if (event) showTip(event, names[windowLabels[(number * pixels.windows.height + y) * pixels.windows.width + x]]);
    });
    alone.replaceChildren(canvas);
    const names = facts.windows[number].kept.map(name => el("span", { class: "named" }, swatch(facts.words.find(word => word.word === name).label), name));
    kept.replaceChildren(`Window ${number + 1} alone. ${names.length ? "Kept: " : "Nothing kept."}`, ...names);
  });
}

showWindows();
