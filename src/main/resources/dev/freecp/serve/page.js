// The page: keeps one picture on the server and asks for its labels whenever a setting changes. No library, nothing from elsewhere.

import { colorOf, decode, tinted } from "./labels.js";
import { element, showLegend } from "./legend.js";

const $ = id => document.getElementById(id);
const TYPING_PAUSE = 600;                       // ms after the last key before words are asked for: new words cost the text tower some time
const DOWNLOADS = [["labels", "Labels", "labels.png"], ["overlay", "Overlay", "overlay.png"], ["confidence", "Confidence", "confidence.png"], ["json", "Report", "json"],
  ["explanation", "Explanation", "html"]];
const EXPORTS = [["coco", "COCO", "coco.json"], ["yolo", "YOLO", "yolo.zip"], ["geojson", "GeoJSON", "geojson"], ["labelme", "LabelMe", "labelme.json"],
  ["classes", "Masks", "classes.zip"], ["npy", "NumPy", "npy.zip"]];

let picture = null;                             // { id, name, image, height, width }
let result = null;                              // { report, labels, confidence, colors, tint, single }
let mark = null;                                // { x, y } in pixels of the picture
let started = null;                             // classes and background as the server was started with
let running = false, again = false, typing = 0;

// ---- the server

async function ask(method, path, body, headers = {}) {
  const token = sessionStorage.getItem("freecp-token");
  if (token) headers.Authorization = "Bearer " + token;
  const response = await fetch(path, { method, body, headers });
  if (response.ok) return response;
  if (response.status === 401) askForToken();
  const text = await response.text();
  let message = response.status + " " + response.statusText;
  try { message = JSON.parse(text).error; } catch { /* not from this program: the status has to do */ }
  throw Object.assign(new Error(message), { status: response.status });
}

function askForToken() {
  $("token-field").hidden = false;
  $("token").focus();
}

function words() {
  const background = $("background").value;
  return {
    classes: $("classes").value.split("\n").map(line => line.trim()).filter(Boolean),
    background: background === "threshold" ? "threshold:" + $("threshold").value : background,
  };
}

/** Words are left out where they are the server's own: a preset's have descriptions, which a list like it has not. */
function settings() {
  const chosen = words();
  return {
    ...(JSON.stringify(chosen) === JSON.stringify(started) ? {} : chosen),
    method: $("method").value,
    steps: $("steps").value,
    tau_r: $("tau_r").value,
    tau_a: $("tau_a").value,
  };
}

const askLabels = format => ask("POST", `v1/pictures/${picture.id}/labels?format=${format}`, JSON.stringify(settings()), { "Content-Type": "application/json" });

// ---- from a file to labels

async function open(file) {
  if (!file) return;
  say("Looking at the picture …");
  try {
    const image = await createImageBitmap(file).catch(() => null);                 // a browser may not know a format that the server reads
    const query = new URLSearchParams({ name: file.name || "pasted picture", method: $("method").value });
    const kept = await (await ask("POST", "v1/pictures?" + query, file)).json();
    if (picture) ask("DELETE", "v1/pictures/" + picture.id).catch(() => { });      // whether it is still there or not does not matter
    picture = { ...kept, name: (file.name || "picture").replace(/\.[^.]*$/, ""), image, file };
    result = null;
    mark = null;
    $("file-text").textContent = "Choose another picture";
    showPicture();
    await refresh();
  } catch (problem) {
    complain(problem);
  }
}

/** Asks for labels as the settings are now; changes that come meanwhile are asked for in one go afterwards. */
async function refresh() {
  if (!picture) return;
  if (!words().classes.length) return say("Type the classes to look for.");
  if (running) { again = true; return; }
  running = true;
  try {
    do {
      again = false;
      const start = performance.now();
      take(await (await askLabels("pixels")).json());
      const tower = result.report.windows.length;
      say(`${picture.width} × ${picture.height} pixels, ${tower} window${tower === 1 ? "" : "s"}; labels in ${Math.round(performance.now() - start)} ms`);
    } while (again);
  } catch (problem) {
    if (problem.status === 404) return reopen();
    complain(problem);
  } finally {
    running = false;
  }
}

/** The server keeps pictures for a while only. */
function reopen() {
  const file = picture.file;
  picture = null;
  running = false;
  open(file);
}

function take(report) {
  const alone = result?.single, same = alone !== undefined && report.labels[alone] === result.report.labels[alone];
  result = { ...decode(report), single: same ? alone : undefined };
  result.tint = tinted(result, picture);
  draw();
  showLegend(result, showAlone);
  point(mark);
  $("results").hidden = false;
}

// ---- the picture

function showPicture() {
  const canvas = $("canvas");
  const factor = Math.max(1, Math.ceil(900 / Math.max(picture.width, picture.height)));
  canvas.width = factor * picture.width;
  canvas.height = factor * picture.height;
  canvas.style.width = `min(100%, calc(60vh * ${picture.width / picture.height}))`;
  canvas.hidden = false;
  $("under").hidden = false;
  $("invitation").hidden = true;
  $("drop").classList.remove("empty");
  draw();
}

function draw() {
  const canvas = $("canvas"), context = canvas.getContext("2d"), factor = canvas.width / picture.width;
  context.globalAlpha = 1;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = true;
  const opacity = Number($("opacity").value);
  context.filter = result ? `saturate(${1 - 0.8 * opacity})` : "none";            // so that a tinted area looks like its colour in the legend
  if (picture.image) context.drawImage(picture.image, 0, 0, canvas.width, canvas.height);
  context.filter = "none";
  if (result) {
    context.globalAlpha = opacity;
    context.imageSmoothingEnabled = false;
    context.drawImage(result.tint, 0, 0, canvas.width, canvas.height);
  }
  if (mark && document.activeElement === canvas) drawMark(context, (mark.x + 0.5) * factor, (mark.y + 0.5) * factor, canvas.width / 60);
}

function drawMark(context, x, y, size) {
  context.globalAlpha = 1;
  for (const [color, width] of [["#000", size / 3], ["#fff", size / 8]]) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** One class without the others; once more, and they are back. */
function showAlone(label) {
  result.single = result.single === label ? undefined : label;
  result.tint = tinted(result, picture);
  draw();
  showLegend(result, showAlone);
  document.querySelector(`.legend [data-label="${label}"] button`).focus();
}

/** Says what is at a place. */
function point(place) {
  document.querySelectorAll(".pointed").forEach(row => row.classList.remove("pointed"));
  if (!place || !result) return;
  const at = place.y * picture.width + place.x, label = result.labels[at];
  $("under-color").style.background = colorOf(result, label);
  $("under-text").textContent = `${result.report.labels[label]}, confidence ${(result.confidence[at] / 255).toFixed(2)} (x ${place.x}, y ${place.y})`;
  $("found").querySelector(`[data-label="${label}"]`)?.classList.add("pointed");
}

function moveMark(event) {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!step || !result) return;
  event.preventDefault();
  const far = event.shiftKey ? Math.ceil(picture.width / 20) : Math.ceil(picture.width / 200);
  mark ??= { x: picture.width >> 1, y: picture.height >> 1 };
  mark = {
    x: Math.min(picture.width - 1, Math.max(0, mark.x + far * step[0])),
    y: Math.min(picture.height - 1, Math.max(0, mark.y + far * step[1])),
  };
  draw();
  point(mark);
}

function pointer(event) {
  if (!result) return;
  const box = $("canvas").getBoundingClientRect();
  const x = Math.floor((event.clientX - box.left) / box.width * picture.width), y = Math.floor((event.clientY - box.top) / box.height * picture.height);
  if (x >= 0 && y >= 0 && x < picture.width && y < picture.height) point({ x, y });
}

// ---- words for people

function say(text) {
  $("status").textContent = text;
  $("problem").hidden = true;
}

function complain(problem) {
  $("status").textContent = "";
  $("problem").textContent = problem.message;
  $("problem").hidden = false;
}

// ---- wiring

async function download(format, ending) {
  try {
    const blob = await (await askLabels(format)).blob();
    const link = element("a", { href: URL.createObjectURL(blob), download: `${picture.name}.${ending}` });
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (problem) {
    complain(problem);
  }
}

function showValues() {
  for (const id of ["tau_r", "tau_a"]) $(id + "-value").textContent = Number($(id).value).toFixed(2);
  $("threshold-field").hidden = $("background").value !== "threshold";
  $("tau_r").disabled = !$("steps").value.includes("rp");
  $("tau_a").disabled = !$("steps").value.includes("ap");
}

async function begin() {
  try {
    const { models, methods, steps, defaults } = await (await ask("GET", "v1/models")).json();
    $("model").textContent = `${models[0].name} on ${models[0].device}`;
    $("model").title = models[0].description;
    $("method").replaceChildren(...methods.map(method => element("option", {}, method)));
    $("steps").replaceChildren(...steps.map(step => element("option", {}, step)));
    for (const id of ["method", "steps", "tau_r", "tau_a"]) $(id).value = defaults[id];
    if (defaults.classes && !$("classes").value) {
      $("classes").value = defaults.classes.join("\n");
      chooseBackground(defaults.background);
      started = words();
    }
    $("token-field").hidden = true;
    showValues();
    say("");
  } catch (problem) {
    complain(problem);
  }
}

/** As --background has it; words of a background are a choice of their own. */
function chooseBackground(rule) {
  const [kind, score] = rule.startsWith("threshold:") ? rule.split(":") : [rule];
  if (score) $("threshold").value = score;
  if (![...$("background").options].some(option => option.value === kind)) $("background").append(element("option", { value: kind }, "words: " + kind));
  $("background").value = kind;
}

$("file").addEventListener("change", event => open(event.target.files[0]));
$("drop").addEventListener("dragover", event => { event.preventDefault(); $("drop").classList.add("over"); });
$("drop").addEventListener("dragleave", () => $("drop").classList.remove("over"));
$("drop").addEventListener("drop", event => { event.preventDefault(); $("drop").classList.remove("over"); open(event.dataTransfer.files[0]); });
document.addEventListener("paste", event => { if (event.clipboardData.files.length) open(event.clipboardData.files[0]); });
$("settings").addEventListener("submit", event => event.preventDefault());
$("token").addEventListener("change", () => { sessionStorage.setItem("freecp-token", $("token").value); begin(); });
$("classes").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(refresh, TYPING_PAUSE); });
for (const id of ["tau_r", "tau_a", "method", "steps", "background", "threshold"]) $(id).addEventListener("input", () => { showValues(); refresh(); });
$("opacity").addEventListener("input", () => { if (picture) draw(); });
$("canvas").addEventListener("pointermove", pointer);
$("canvas").addEventListener("pointerdown", pointer);
$("canvas").addEventListener("keydown", moveMark);
for (const event of ["focus", "blur"]) $("canvas").addEventListener(event, () => { if (picture) draw(); });
for (const [place, formats] of [["downloads", DOWNLOADS], ["exports", EXPORTS]]) {
  $(place).append(...formats.map(([format, name, ending]) => {
    const button = element("button", { type: "button", className: "download" }, name);
    button.addEventListener("click", () => download(format, ending));
    return button;
  }));
}
begin();
