/* What was asked for, and how long it took. */

function flat(value) {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.map(flat).join(", ");
  if (typeof value === "object") return Object.entries(value).map(([key, one]) => `${key.replaceAll("_", " ")} ${flat(one)}`).join(", ");
  return String(value);
}

function list(entries) {
  return el("dl", {}, entries.flatMap(([key, value]) => [el("dt", {}, key.replaceAll("_", " ")), el("dd", {}, flat(value))]));
}

function showSettings() {
  const { rules, ...settings } = facts.settings, seconds = Object.entries(facts.seconds), most = Math.max(...seconds.map(([, value]) => value));
  const bars = el("table", {}, seconds.map(([stage, value]) => {
    const bar = el("i");
    bar.style.width = 100 * value / most + "%";
    const cell = el("td", {}, el("div", { class: "bar" }, bar));
    cell.style.width = "14rem";
    return el("tr", {}, el("td", {}, stage), cell, el("td", {}, `${value.toFixed(3)} s`));
  }));
  byId("settings-body").append(list([["program", facts.tool], ["model", facts.model], ["device", facts.device], ["text", facts.text], ...Object.entries(settings), ["rules", rules]]),
    el("h3", {}, "Times"), el("p", { class: "small" }, "Of this run, in which every stage was looked at; a plain run is faster."), bars);
  chooseWindow(Math.max(0, facts.windows.findIndex(w => w.ap_groups?.length)));
}

showSettings();
