/* How much a cell of a window looks at the others, mean over the blocks that refinement uses. */

const affinity = await unpack(pixels.affinity.data);

/** Name of the label that a window alone gives the middle of a cell. */
function labelOfCell(number, row, column) {
  const { height, width } = pixels.windows;
  const y = Math.floor((row + 0.5) / facts.grid.height * height), x = Math.floor((column + 0.5) / facts.grid.width * width);
  return names[windowLabels[(number * height + y) * width + x]];
}

function showAffinity() {
  windowPicker("affinity-picker");
  const { height: h, width: w } = facts.grid, step = pixels.affinity.step, rows = Math.ceil(h / step), columns = Math.ceil(w / step);
  const frame = el("div", { class: "layered", tabindex: 0, role: "application", "aria-label": "Cells of the window; the arrow keys choose one", "aria-describedby": "affinity-status" });
  const status = el("p", { id: "affinity-status", class: "status", role: "status" });
  const coarse = step > 1 ? ` To keep the page small, every ${step === 2 ? "second" : step === 3 ? "third" : step + "th"} cell can be chosen.` : "";
  byId("affinity-body").append(el("figure", {}, frame),
    el("div", {}, status, el("p", { class: "small" }, "Shown are square roots of the attention as parts of the cell's largest, so that weak ties are seen too." + coarse)));

  let held = null;
  const draw = (number, row, column) => {
    const from = ((number * rows + row) * columns + column) * h * w, y = row * step, x = column * step;
    const drawn = paint(h, w, i => heat[affinity[from + i]]);
    drawn.classList.add("pixelated");
    frame.replaceChildren(frame.firstChild, drawn, svg("svg", { viewBox: `0 0 ${w} ${h}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { x, y, width: 1, height: 1, fill: "none", stroke: "#4fc3f7", "stroke-width": 2.5, "vector-effect": "non-scaling-stroke" })));
    let most = 0;
    for (let i = 1; i < h * w; i++) if (affinity[from + i] > affinity[from + most]) most = i;
    status.textContent = `Row ${y + 1}, column ${x + 1}: ${labelOfCell(number, y, x)}. Looks most at row ${Math.floor(most / w) + 1}, column ${most % w + 1}`
      + (held ? "; held, click again to let go." : ".");
  };
  explore(frame, h, w, step, (y, x, event) => {
    const place = [Math.floor(y / step), Math.floor(x / step)];
    if (event?.type === "pointerdown") held = held ? null : place;
    if (!event) held = null;
    draw(currentWindow, ...held ?? place);
  });
  windowViews.push(number => {
    held = null;
    frame.replaceChildren(cut(facts.windows[number], image));
    draw(number, rows >> 1, columns >> 1);
  });
}

showAffinity();
