/* What all parts of the page use: data, elements, colours, tips, and the window that is looked at. */

const facts = JSON.parse(document.getElementById("facts").textContent);
const pixels = JSON.parse(document.getElementById("pixels").textContent);
const SVG = document.getElementById("nothing").namespaceURI;
const byId = id => document.getElementById(id);

/** Bytes out of deflated Base64. */
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
}

async function unpackLabels(text) {
  const bytes = await unpack(text), labels = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < labels.length; i++) labels[i] = bytes[2 * i] | bytes[2 * i + 1] << 8;
  return labels;
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child != null));    // strings become text, so that no name is ever markup
  return element;
}

const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const percent = share => share > 0 && share < 0.001 ? "<0.1\u00a0%" : (100 * share).toFixed(1) + "\u00a0%";
const digits = (value, count = 2) => value == null ? "–" : value.toFixed(count);
/** Two decimals, or two digits of a number that would have none. */
const amount = value => value == null ? "–" : value === 0 || value >= 0.095 ? value.toFixed(2)
  : value >= 1e-4 ? String(Number(value.toPrecision(2))) : "under 0.0001";
const plural = (count, one) => count + " " + one + (count === 1 ? "" : "s");

function rgb(hex) {
  const value = parseInt(hex.slice(1), 16);
  return [value >> 16, value >> 8 & 255, value & 255];
}

const colors = pixels.colors.map(rgb);
const swatch = label => {
  const square = el("span", { class: "swatch" });
  square.style.background = pixels.colors[label];
  return square;
};

/** A canvas whose pixels are painted one by one. */
function paint(height, width, color) {
  const canvas = el("canvas", { height, width }), context = canvas.getContext("2d"), image = context.createImageData(width, height);
  for (let i = 0; i < height * width; i++) image.data.set(color(i), 4 * i);
  context.putImageData(image, 0, 0);
  return canvas;
}

const HEAT = [[20, 12, 60, 0], [96, 26, 128, 120], [196, 54, 100, 190], [250, 128, 60, 225], [252, 246, 180, 245]];

/** From nothing, transparent, to all, a pale yellow. Every part is brighter than those below it, so that it prints. */
const heat = Array.from({ length: 256 }, (_, value) => {
  const at = value / 255 * (HEAT.length - 1), low = Math.min(Math.floor(at), HEAT.length - 2), part = at - low;
  return HEAT[low].map((from, k) => from + part * (HEAT[low + 1][k] - from));
});

const bar = share => {
  const part = el("i");
  part.style.width = 100 * share + "%";
  return el("div", { class: "bar" }, part);
};

const picture = () => el("img", { src: pixels.picture, alt: "" });

/** A box on a window's grid as pixels of the resized picture. */
function inResized(box, number) {
  const { patch } = facts.model, { y0, x0 } = facts.windows[number];
  return { y0: y0 + patch * box.y0, x0: x0 + patch * box.x0, y1: y0 + patch * box.y1, x1: x0 + patch * box.x1 };
}

/** The picture cut to a region of the resized one. */
function cut(region, image) {
  const down = pixels.height / facts.picture.resized.height, across = pixels.width / facts.picture.resized.width;
  const y = region.y0 * down, x = region.x0 * across, height = (region.y1 - region.y0) * down, width = (region.x1 - region.x0) * across;
  const canvas = el("canvas", { height: Math.max(1, Math.round(height)), width: Math.max(1, Math.round(width)) });
  canvas.getContext("2d").drawImage(image, x, y, width, height, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** Buttons of which one is chosen. */
function choice(title, options, chosen, onchoose) {
  const name = "choice" + document.querySelectorAll("fieldset").length + title;
  return el("fieldset", { class: "choice" }, el("legend", {}, title), options.map(([value, text]) => el("label", {},
    el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onchoose(value) }), text)));
}

const tip = byId("tip");
function showTip(event, text) {
  tip.textContent = text;
  tip.hidden = !text;
  tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 4)) + "px";
  tip.style.top = (event.clientY + 40 > innerHeight ? event.clientY - 34 : event.clientY + 16) + "px";
}
const hideTip = () => { tip.hidden = true; };

/** Makes a raster of rows and columns answer to pointer and arrow keys; look(row, column, event) is told where, without an event for keys. */
function explore(element, rows, columns, step, look, leave = () => {}) {
  let row = rows >> 1, column = columns >> 1;
  const at = event => {
    const box = element.getBoundingClientRect();
    row = Math.max(0, Math.min(rows - 1, Math.floor((event.clientY - box.top) / box.height * rows)));
    column = Math.max(0, Math.min(columns - 1, Math.floor((event.clientX - box.left) / box.width * columns)));
    look(row, column, event);
  };
  element.addEventListener("pointermove", at);
  element.addEventListener("pointerdown", at);
  element.addEventListener("pointerleave", () => { hideTip(); leave(); });
  element.addEventListener("focus", () => { if (element.matches(":focus-visible")) look(row, column, null); });
  element.addEventListener("blur", leave);
  element.addEventListener("keydown", event => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const far = event.shiftKey ? 5 * step : step;
    row = Math.max(0, Math.min(rows - 1, row + far * move[0]));
    column = Math.max(0, Math.min(columns - 1, column + far * move[1]));
    look(row, column, null);
  });
}

/* The window that several parts look at. */
const windowViews = [];
let currentWindow = 0;

function chooseWindow(number) {
  currentWindow = number;
  for (const input of document.querySelectorAll(".windows input")) input.checked = Number(input.value) === number;
  for (const view of windowViews) view(number);
}

function windowPicker(place) {
  if (facts.windows.length === 1) return;
  const buttons = choice("Window", facts.windows.map((_, i) => [i, i === 0 ? "Window 1" : String(i + 1)]), currentWindow, chooseWindow);
  buttons.classList.add("windows");
  byId(place).append(buttons);
}
