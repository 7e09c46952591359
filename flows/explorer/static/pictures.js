// Draws the pictures; the same numbers stand beside each as a table.
import { compile, expressionInterpreter, parse, View } from "./vendor/vega.js";

// Vega-Lite remarks on sizes that follow the data; only errors matter here.
const quiet = { level: () => quiet, warn: () => quiet, info: () => quiet, debug: () => quiet, error: (...all) => { console.error(...all); return quiet; } };
const dark = matchMedia("(prefers-color-scheme: dark)");

function theme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = getComputedStyle(document.body).fontFamily;
  const text = { labelColor: colour("--quiet"), titleColor: colour("--quiet"), labelFont: font, titleFont: font, titleFontWeight: 500, labelFontSize: 12, titleFontSize: 12 };
  return {
    background: "transparent",
    view: { stroke: null },
    axis: { ...text, gridColor: colour("--line"), domainColor: colour("--line"), tickColor: colour("--line"), labelLimit: 190, domain: false, ticks: false, labelPadding: 6 },
    axisY: { grid: false },
    legend: { ...text, orient: "top", padding: 4 },
    range: { heatmap: [colour("--tinted"), colour("--accent")], category: [colour("--blue"), colour("--teal"), colour("--gold"), colour("--violet")] },
    circle: { fill: colour("--accent"), stroke: colour("--paper") },
    geoshape: { fill: colour("--card"), stroke: colour("--line") },
    text: { fill: colour("--ink"), font, fontSize: 12 },
  };
}

// The words of a picture in the language of the page, or as they are.
function translate(figure, value, key = "") {
  if (typeof value === "string") return ["", "title", "description"].includes(key) ? JSON.parse(figure.dataset.words || "{}")[value] ?? value : value;
  if (Array.isArray(value)) return value.map((each) => translate(figure, each, "in a list"));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, translate(figure, each, name)]));
}

async function json(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

// The part of the world that holds every place, and some land around it.
function around(rows, width, height) {
  const span = (values, least, low, high) => {
    const from = Math.min(...values, high), to = Math.max(...values, low), middle = (from + to) / 2;
    return [middle, Math.max((to - from) * 1.15, least)];
  };
  const [longitude, wide] = span(rows.map((row) => row.longitude), 40, -180, 180);
  const [latitude, high] = span(rows.map((row) => row.latitude), 25, -90, 90);
  const scale = Math.min(width / wide, height / high) * 180 / Math.PI;
  return { center: [longitude, latitude], scale, translate: [width / 2, height / 2] };
}

async function draw(figure) {
  const place = figure.querySelector(".drawing");
  const [original, rows, world] = await Promise.all([
    json(figure.dataset.spec), json(figure.dataset.rows), figure.dataset.world ? json(figure.dataset.world) : null,
  ]);
  const spec = translate(figure, original);
  const narrow = place.clientWidth < 520;
  const config = theme();
  if (narrow) config.axis.labelLimit = 110;
  const whole = { ...spec, $schema: "https://vega.github.io/schema/vega-lite/v6.json", data: { values: rows }, width: place.clientWidth, autosize: { type: world ? "pad" : "fit-x", contains: "padding" }, config };
  if (narrow && figure.dataset.name === "heat") { // as many titles would lie on each other: they stand in the numbers below
    whole.encoding = { ...spec.encoding, x: { ...spec.encoding.x, axis: { ...spec.encoding.x.axis, labels: false }, title: translate(figure, "articles, named in the numbers below") } };
  }
  if (world) {
    whole.layer = [{ ...spec.layer[0], data: { values: world, format: spec.layer[0].data.format } }, ...spec.layer.slice(1, narrow ? 2 : undefined)];
    whole.height = narrow ? 240 : spec.height;
    whole.projection = { ...spec.projection, ...around(rows, whole.width, whole.height) };
  }
  const view = viewOf(whole);
  place.replaceChildren();
  view.initialize(place);
  await view.runAsync();
  const canvas = place.querySelector("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", spec.description);
  figure.classList.add("drawn");
  offer(figure, whole);
}

function viewOf(spec, renderer = "canvas") {
  return new View(parse(compile(spec, { logger: quiet }).spec, null, { ast: true }), { expr: expressionInterpreter, renderer, logLevel: 0 });
}

// The picture with its title and its source, on paper of its own, to be saved.
function toSave(figure, spec) {
  const ink = spec.config.text.fill, soft = spec.config.axis.labelColor;
  return {
    ...spec,
    padding: 16,
    background: getComputedStyle(document.documentElement).getPropertyValue("--paper").trim(),
    title: { text: figure.dataset.title, subtitle: figure.dataset.source, anchor: "start", frame: "bounds", color: ink, subtitleColor: soft, font: "sans-serif", subtitleFont: "sans-serif", fontSize: 16, subtitleFontSize: 10, offset: 14 },
  };
}

function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function offer(figure, spec) {
  const place = figure.querySelector(".saves");
  const kinds = {
    SVG: async (view) => new Blob([await view.toSVG()], { type: "image/svg+xml" }),
    PNG: async (view) => { const canvas = await view.toCanvas(2); return new Promise((done) => canvas.toBlob(done, "image/png")); },
  };
  place.replaceChildren();
  for (const [kind, make] of Object.entries(kinds)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = kind;
    button.setAttribute("aria-label", translate(figure, "{title} as {kind}").replace("{kind}", kind).replace("{title}", () => figure.dataset.title));
    button.addEventListener("click", async () => {
      const view = viewOf(toSave(figure, spec), "none");
      save(`${figure.dataset.name}.${kind.toLowerCase()}`, await make(view));
      view.finalize();
    });
    place.append(button, ", ");
  }
}

function drawAll() {
  for (const figure of document.querySelectorAll("figure.picture")) {
    draw(figure).catch((error) => { figure.querySelector(".drawing").textContent = translate(figure, "This could not be drawn ({error}); the numbers are below.").replace("{error}", () => error.message); });
  }
}

drawAll();
dark.addEventListener("change", drawAll);
let waiting, width = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === width) return;
  width = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 200);
});
