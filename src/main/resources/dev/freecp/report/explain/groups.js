/* Soft intersection over union of the words' refined maps, the groups that it makes, and the closer looks that decide. */

const image = picture();
await image.decode();

/** Words of the matrix with those of a group side by side, and where each group begins. */
function arranged(number) {
  const { words, soft_iou } = facts.overlaps[number], groups = facts.windows[number].ap_groups ?? [];
  const alone = words.filter(word => !groups.some(group => group.words.includes(word)));
  const order = [...groups.flatMap(group => group.words), ...alone];
  let at = 0;
  const outlines = groups.map(group => ({ from: at, count: group.words.length, end: at += group.words.length }));
  return { order, outlines, value: (a, b) => soft_iou[words.indexOf(a)][words.indexOf(b)] };
}

function matrix(number) {
  const { order, outlines, value } = arranged(number), cell = order.length > 30 ? 14 : order.length > 12 ? 24 : 30, left = 110, top = 84, size = order.length * cell;
  const short = word => word.length > 17 ? word.slice(0, 16) + "…" : word;
  const cells = order.flatMap((a, y) => order.map((b, x) => {
    const j = value(a, b);
    const title = () => svg("title", {}, a === b ? a : `${a} and ${b}: ${digits(j)}`);
    const square = svg("rect", { x: left + x * cell, y: top + y * cell, width: cell - 1, height: cell - 1, fill: "var(--accent)", "fill-opacity": j == null ? 0 : 0.05 + 0.95 * j }, title());
    if (cell < 30 || a === b) return square;
    const number = svg("text", { class: j > 0.55 ? "dark" : null, x: left + (x + 0.5) * cell, y: top + (y + 0.5) * cell, "text-anchor": "middle", "dominant-baseline": "central", "font-size": 10.5 }, digits(j), title());
    return [square, number];
  }));
  return svg("svg", { class: "matrix", viewBox: `0 0 ${left + size + 60} ${top + size + 4}`, width: left + size + 60, role: "img", "aria-label": `Soft intersection over union of ${order.length} words in window ${number + 1}` },
    order.map((word, i) => svg("text", { x: left - 6, y: top + (i + 0.5) * cell, "text-anchor": "end", "dominant-baseline": "central", "font-size": Math.min(12, cell - 2) }, short(word))),
    order.map((word, i) => svg("text", { transform: `translate(${left + (i + 0.5) * cell} ${top - 6}) rotate(-45)`, "font-size": Math.min(12, cell - 2) }, short(word))),
    cells.flat(), outlines.map(o => svg("rect", { x: left + o.from * cell - 1.5, y: top + o.from * cell - 1.5, width: o.count * cell + 2, height: o.count * cell + 2, fill: "none", stroke: "var(--ap)", "stroke-width": 2.5, rx: 3 })));
}

/** One closer look: what was cut out, and how well each word fits it. */
function crop(look, words, number) {
  const patch = facts.model.patch, at = facts.windows[number], b = look.box;
  const thumbnail = cut({ x0: at.x0 + patch * b.x0, y0: at.y0 + patch * b.y0, x1: at.x0 + patch * b.x1, y1: at.y0 + patch * b.y1 }, image);
  thumbnail.setAttribute("role", "img");
  thumbnail.setAttribute("aria-label", `Crop in which ${look.winner} won`);
  const top = Math.max(...look.scores), odds = look.scores.map(score => Math.exp(score - top)), all = odds.reduce((a, c) => a + c, 0);
  return el("div", { class: "crop" }, thumbnail, el("ul", {}, words.map((word, i) => {
    const bar = el("i");
    bar.style.width = 100 * odds[i] / all + "%";
    return el("li", { class: word === look.winner ? "winner" : null }, `${word} `, el("span", { class: "small" }, digits(look.scores[i], 1)), el("div", { class: "bar" }, bar));
  })));
}

function groupCard(group, number) {
  const empty = group.boxes.some(b => b.x0 === b.x1 || b.y0 === b.y1);
  return el("article", { class: "card" }, el("h3", {}, group.words.join(", ")),
    el("p", {}, empty ? "A box of their common region is empty, so all of them stay." : `${plural(group.crops.length, "closer look")} decided.`),
    group.crops.map(look => crop(look, group.words, number)));
}

function showGroups() {
  const linked = facts.settings.tau_a;
  byId("groups-intro").textContent = steps.includes("ap")
    ? `Words whose refined maps overlap by a soft IoU of ${linked} or more form a group, outlined. Their common region is cut out and compared with each word's descriptions; the number is the scaled cosine, the bar its part if the group's words were all there is.`
    : "This run had no ambiguity purification.";
  if (!steps.includes("ap")) return;
  windowPicker("groups-picker");
  windowViews.push(number => {
    const body = byId("groups-body"), groups = facts.windows[number].ap_groups ?? [];
    if (!facts.overlaps[number]) {
      body.replaceChildren(el("p", { class: "empty" }, `In window ${number + 1} fewer than two words were left, so there was nothing to tell apart.`));
      return;
    }
    body.replaceChildren(el("div", { class: "scroll" }, matrix(number)), groups.length
      ? el("div", { class: "groups" }, groups.map(group => groupCard(group, number)))
      : el("p", { class: "empty" }, `No two words share a region in window ${number + 1}.`));
  });
}

showGroups();
