/* Soft intersection over union of the words' refined maps, the groups that it makes, and the closer looks that decide. */

const image = picture();
await image.decode();

/** Words of the matrix with those of a group side by side, and where each group begins. */
function arranged(number) {
  const { words, soft_iou } = facts.overlaps[number], groups = facts.windows[number].ap_groups ?? [];
  const alone = words.filter(word => !groups.some(group => group.words.includes(word)));
  let at = 0;
  const outlines = groups.map(group => ({ from: at, count: group.words.length, end: at += group.words.length }));
  const value = (a, b) => soft_iou[words.indexOf(a)][words.indexOf(b)];
  return { order: [...groups.flatMap(group => group.words), ...alone], outlines, value };
}

const LEFT = 110, TOP = 84, RIGHT = 60, LARGE = 30;
const shortened = word => word.length > 17 ? word.slice(0, 16) + "…" : word;

/** The square of two words at a place of the matrix, with its number if there is room. */
function pairSquare(a, b, j, x, y, side) {
  const title = () => svg("title", {}, a === b ? a : `${a} and ${b}: ${digits(j)}`);
  const square = svg("rect", { x, y, width: side - 1, height: side - 1, fill: "var(--accent)", "fill-opacity": j == null ? 0 : 0.05 + 0.95 * j }, title());
  if (side < LARGE || a === b) return [square];
  return [square, svg("text", { class: j > 0.55 ? "dark" : null, x: x + side / 2, y: y + side / 2, "text-anchor": "middle", "dominant-baseline": "central",
    "font-size": 10.5 }, digits(j), title())];
}

function matrix(number) {
  const { order, outlines, value } = arranged(number), side = order.length > 30 ? 14 : order.length > 12 ? 24 : LARGE;
  const width = LEFT + order.length * side + RIGHT, height = TOP + order.length * side + 4, font = Math.min(12, side - 2);
  const rowNames = order.map((word, i) => svg("text", { x: LEFT - 6, y: TOP + (i + 0.5) * side, "text-anchor": "end", "dominant-baseline": "central", "font-size": font },
    shortened(word)));
  const columnNames = order.map((word, i) => svg("text", { transform: `translate(${LEFT + (i + 0.5) * side} ${TOP - 6}) rotate(-45)`, "font-size": font }, shortened(word)));
  const squares = order.flatMap((a, y) => order.flatMap((b, x) => pairSquare(a, b, value(a, b), LEFT + x * side, TOP + y * side, side)));
  const groups = outlines.map(o => svg("rect", { x: LEFT + o.from * side - 1.5, y: TOP + o.from * side - 1.5, width: o.count * side + 2, height: o.count * side + 2, rx: 3,
    fill: "none", stroke: "var(--ap)", "stroke-width": 2.5 }));
  return svg("svg", { class: "matrix", viewBox: `0 0 ${width} ${height}`, width, role: "img",
    "aria-label": `Soft intersection over union of ${order.length} words in window ${number + 1}` }, rowNames, columnNames, squares, groups);
}

/** One closer look: what was cut out, and how well each word fits it. */
function closerLook(look, words, number) {
  const thumbnail = cut(inResized(look.box, number), image);
  thumbnail.setAttribute("role", "img");
  thumbnail.setAttribute("aria-label", `Crop in which ${look.winner} won`);
  const top = Math.max(...look.scores), odds = look.scores.map(score => Math.exp(score - top)), all = odds.reduce((a, b) => a + b, 0);
  return el("div", { class: "crop" }, thumbnail, el("ul", {}, words.map((word, i) =>
    el("li", { class: word === look.winner ? "winner" : null }, `${word} `, el("span", { class: "small" }, digits(look.scores[i], 1)), bar(odds[i] / all)))));
}

function groupCard(group, number) {
  const empty = group.boxes.some(box => box.x0 === box.x1 || box.y0 === box.y1);
  return el("article", { class: "card" }, el("h3", {}, group.words.join(", ")),
    el("p", {}, empty ? "A box of their common region is empty, so all of them stay." : `${plural(group.crops.length, "closer look")} decided.`),
    group.crops.map(look => closerLook(look, group.words, number)));
}

function showGroups() {
  if (!steps.includes("ap")) {
    byId("groups-intro").textContent = "This run had no ambiguity purification.";
    return;
  }
  byId("groups-intro").textContent = `Words whose refined maps overlap by a soft IoU of ${facts.settings.tau_a} or more form a group, outlined. Their common region is cut out and compared `
    + "with each word's descriptions; the number is the scaled cosine, the bar its share if the group's words were all there is.";
  windowPicker("groups-picker");
  windowViews.push(number => {
    const body = byId("groups-body"), groups = facts.windows[number].ap_groups ?? [];
    if (!facts.overlaps[number])
      body.replaceChildren(el("p", { class: "empty" }, `In window ${number + 1} fewer than two words were left, so there was nothing to tell apart.`));
    else
      body.replaceChildren(el("div", { class: "scroll" }, matrix(number)), groups.length
        ? el("div", { class: "groups" }, groups.map(group => groupCard(group, number)))
        : el("p", { class: "empty" }, `No two words share a region in window ${number + 1}.`));
  });
}

showGroups();
