/* How much a cell of a window looks at the others, mean over the blocks that refinement uses. */

const affinity = await unpack(pixels.affinity.data);

function showAffinity() {
  windowPicker("affinity-picker");
  const { height: h, width: w } = facts.grid, step = pixels.affinity.step, rows = Math.ceil(h / step), columns = Math.ceil(w / step);
  const frame = el("div", { class: "layered faded", tabindex: 0, role: "application", "aria-label": "Cells of the window; the arrow keys choose one", "aria-describedby": "affinity-status" });
  const status = el("p", { id: "affinity-status", class: "status", role: "status" });
  byId("affinity-body").append(el("figure", {}, frame), el("div", {}, status, el("p", { class: "small" },
    "Shown are square roots of the attention as parts of the cell's largest, so that weak ties are seen too." + (step > 1 ? ` To keep the page small, every ${step === 2 ? "second" : step + "th"} cell can be chosen.` : ""))));
  let held = null;
  const draw = (number, row, column) => {
    const cell = (number * rows + row) * columns + column, from = cell * h * w, y = row * step, x = column * step;
    const drawn = paint(h, w, i => heat[affinity[from + i]]);
    drawn.classList.add("pixelated");
    const mark = svg("svg", { viewBox: `0 0 ${w} ${h}`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("rect", { x, y, width: 1, height: 1, fill: "none", stroke: "#4fc3f7", "stroke-width": 2.5, "vector-effect": "non-scaling-stroke" }));
    frame.replaceChildren(frame.firstChild, drawn, mark);
    let most = 0;
    for (let i = 1; i < h * w; i++) if (affinity[from + i] > affinity[from + most]) most = i;
    const label = windowLabels[(number * pixels.windows.height + Math.floor((y + 0.5) / h * pixels.windows.height)) * pixels.windows.width + Math.floor((x + 0.5) / w * pixels.windows.width)];
    status.textContent = `Row ${y + 1}, column ${x + 1}: ${names[label]}. Looks most at row ${Math.floor(most / w) + 1}, column ${most % w + 1}${held ? "; held, click again to let go" : ""}.`;
  };
  const start = number => {
    held = null;
    frame.replaceChildren(cut(facts.windows[number], image));
    frame.firstChild.style.cssText = "position: static; filter: grayscale(1) brightness(.62)";
    draw(number, rows >> 1, columns >> 1);
  };
  explore(frame, h, w, step, (y, x, event) => {
    const place = [Math.floor(y / step), Math.floor(x / step)];
    if (event?.type === "pointerdown") held = held ? null : place;
    if (!event) held = null;
    draw(currentWindow, ...held ?? place);
  });
  windowViews.push(start);
}

showAffinity();
