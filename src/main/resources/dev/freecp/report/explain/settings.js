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
  const times = seconds.map(([stage, value]) => el("tr", {}, el("td", {}, stage), el("td", {}, bar(value / most)), el("td", {}, `${value.toFixed(3)} s`)));
  const run = [["program", facts.tool], ["model", facts.model], ["device", facts.device], ["text", facts.text]];
  byId("settings-body").append(list([...run, ...Object.entries(settings), ["rules", rules]]), el("h3", {}, "Times"),
    el("p", { class: "small" }, "Of this run, in which every stage was looked at; a plain run is faster."), el("table", { class: "times" }, times));
  chooseWindow(Math.max(0, facts.windows.findIndex(w => w.ap_groups?.length)));
}

showSettings();
