// The legend: what is in the picture and what is not, and what became of every word.

import { colorOf } from "./labels.js";

const $ = id => document.getElementById(id);

export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** @param pick is told the label of a class that is clicked */
export function showLegend(result, pick) {
  const classes = [...result.report.classes].sort((a, b) => b.pixels - a.pixels);
  const found = classes.filter(one => one.pixels > 0), absent = classes.filter(one => one.pixels === 0);
  $("found").replaceChildren(...found.map(one => row(result, one, pick)));
  $("absent").replaceChildren(...absent.map(one => row(result, one, pick)));
  $("missing").hidden = absent.length === 0;
  $("missing-count").textContent = absent.length;
}

function row(result, one, pick) {
  const swatch = element("span", { className: "swatch" });
  swatch.style.background = colorOf(result, one.label);
  const share = 100 * one.share;
  const area = element("span", { className: "area" }, one.pixels ? (share < 0.1 ? "< 0.1" : share.toFixed(1)) + " %" : "");
  const button = element("button", { type: "button", ariaPressed: String(result.single === one.label) },
    swatch, element("span", { className: "name" }, one.name), area, ...(one.words ?? []).map(word => why(result.report, one, word)));
  button.addEventListener("click", () => pick(one.label));
  const item = element("li", {}, button);
  item.dataset.label = one.label;
  return item;
}

/** What became of a word, over all windows. */
function why(report, one, word) {
  const windows = word.fates.length, kept = word.fates.filter(fate => fate === "kept").length;
  const name = one.words.length > 1 || word.word !== one.name ? word.word : "";
  if (kept > 0) return element("span", { className: "why" }, (name && name + ": ") + `kept in ${kept} of ${windows} window${windows === 1 ? "" : "s"}`);
  const struck = name ? [element("s", {}, name), " "] : ["removed: "];
  return element("span", { className: "why" }, ...struck, reason(report, word));
}

function reason(report, word) {
  const redundant = word.fates.map((fate, window) => fate === "rp" ? word.rp_scores[window] ?? 0 : null).filter(score => score !== null);
  const winners = new Set();
  report.windows.forEach((window, i) => {
    if (word.fates[i] !== "ap") return;
    for (const group of window.ap_groups ?? []) if (group.words.includes(word.word)) group.crops.forEach(crop => winners.add(crop.winner));
  });
  const reasons = [];
  if (redundant.length) reasons.push(`redundant (${Math.max(...redundant).toFixed(2)} ≤ ${report.settings.tau_r.toFixed(2)})`);
  if (winners.size) reasons.push(`ambiguous, ${[...winners].join(" and ")} fits better`);
  return reasons.join("; ");
}
