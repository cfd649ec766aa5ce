/* Every word: its maps before and after refinement, its scores against the threshold, and what became of it. */

const maps = await unpack(pixels.maps.data);
const FATES = { kept: "kept", rp: "removed as redundant", ap: "removed as ambiguous" };
const steps = facts.settings.steps.split(",");

const fates = word => new Set(word.windows.map(w => w.fate));
const best = word => fates(word).has("kept") ? "kept" : fates(word).has("ap") ? "ap" : "rp";

/** A word's map over the faded picture; kind 0 is before, 1 the activation, 2 after. Regions are outlined. */
function mapFigure(number, kind, title, largest, regions) {
  const { height, width } = pixels.maps, { resized } = facts.picture, from = (3 * number + kind) * height * width;
  const outlines = regions.map(r => svg("rect", { x: r.x0, y: r.y0, width: r.x1 - r.x0, height: r.y1 - r.y0, fill: "none", stroke: "#fff", "stroke-opacity": 0.65,
    "vector-effect": "non-scaling-stroke" }));
  return el("figure", {}, el("div", { class: "layered faded" }, picture(), paint(height, width, i => heat[maps[from + i]]),
    svg("svg", { viewBox: `0 0 ${resized.width} ${resized.height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, outlines)),
    el("figcaption", {}, `${title}, up to ${amount(largest)}`));
}

const threshold = facts.settings.tau_r;
const scoreLimit = Math.max(1.15 * threshold, 0.01, ...facts.words.flatMap(word => word.windows.map(w => w.rp_score ?? 0)));

/** The scores of all windows on a line, the threshold on it. */
function numberLine(word) {
  const WIDTH = 400, x = value => 6 + value / scoreLimit * (WIDTH - 12);
  const dots = word.windows.map((w, i) => w.rp_score == null ? null : svg("circle", { cx: x(w.rp_score), cy: 18, r: 4.5, "fill-opacity": 0.75,
    fill: w.rp_score > threshold ? "var(--kept)" : "var(--rp)" }, svg("title", {}, `window ${i + 1}: RP ${digits(w.rp_score, 3)}`)));
  return svg("svg", { class: "line", viewBox: `0 0 ${WIDTH} 40`, role: "img", "aria-label": `RP scores against the threshold ${threshold}: ${word.verdict}` },
    svg("rect", { x: x(0), y: 8, width: x(threshold) - x(0), height: 20, fill: "var(--shade)" }),
    svg("path", { d: `M${x(0)} 18H${x(scoreLimit)}`, stroke: "var(--line)" }),
    svg("path", { d: `M${x(threshold)} 6V30`, stroke: "var(--soft)" }),
    svg("text", { x: x(0), y: 39 }, "0"),
    svg("text", { x: x(threshold), y: 39, "text-anchor": "middle" }, `τr ${threshold}`),
    svg("text", { x: x(scoreLimit), y: 39, "text-anchor": "end" }, digits(scoreLimit)), dots);
}

function card(word, number) {
  const ofClass = word.word === word.class ? null : el("span", { class: "small" }, ` of class ${word.class}`);
  const boxes = word.windows.flatMap((w, i) => (w.boxes ?? []).map(box => inResized(box, i)));
  const chips = word.windows.map((w, i) => el("span", { class: w.fate, title: `window ${i + 1}: ${FATES[w.fate]}${w.reason ? ", " + w.reason : ""}` }, String(i + 1)));
  return el("article", { class: "card", "data-fates": [...fates(word)].join(" ") },
    el("h3", {}, swatch(word.label), word.word, ofClass),
    el("p", { class: best(word) }, word.verdict),
    el("div", { class: "three" },
      mapFigure(number, 0, "before", word.largest.softmax, []),
      mapFigure(number, 1, "activation", word.largest.activation, boxes),
      mapFigure(number, 2, "after", word.largest.refined, [])),
    steps.includes("rp") ? numberLine(word) : null,
    facts.windows.length > 1 ? el("div", { class: "chips", role: "group", "aria-label": "Fate in each window" }, chips) : null);
}

/** Words kept in more windows come first, among them those of larger area. */
function rank(word) {
  return word.windows.filter(w => w.fate === "kept").length + facts.classes[word.label].share + (fates(word).has("ap") ? 0.001 : 0);
}

function showWords() {
  byId("words-intro").textContent = "For each word three maps, windows put together: before (softmax over all words), the activation with the boxes that mask it, and after refinement, "
    + "each as bright as its own largest value, which stands below it."
    + (steps.includes("rp") ? " Below them the RP scores, one dot a window: a word stays in a window where its score exceeds the threshold." : "")
    + (facts.windows.length > 1 ? " A numbered square is a window: green kept, orange redundant, violet ambiguous." : "");
  const order = facts.words.map((_, i) => i).sort((a, b) => rank(facts.words[b]) - rank(facts.words[a]) || a - b);
  byId("cards").append(...order.map(i => card(facts.words[i], i)));
  const count = fate => facts.words.filter(word => fates(word).has(fate)).length;
  const met = Object.keys(FATES).filter(count).map(fate => [fate, `${FATES[fate][0].toUpperCase() + FATES[fate].slice(1)} ${count(fate)}`]);
  byId("words-filter").append(choice("Words", [["all", `All ${facts.words.length}`], ...met], "all", value => {
    for (const one of byId("cards").children) one.hidden = value !== "all" && !one.dataset.fates.split(" ").includes(value);
  }));
}

showWords();
