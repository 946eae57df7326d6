// A picture: title, legend, and panels in rows.
import { s } from "../page/js/dom.js";
import { hatch } from "../page/js/hatch.js";
import * as bars from "./bars.js";
import * as curves from "./curves.js";
import * as grid from "./grid.js";
import { legend } from "./legend.js";
import { style } from "./style.js";
import { wrap } from "./text.js";
import * as timeline from "./timeline.js";
import { words } from "./words.js";

const kinds = { bars, curves, grid, timeline };
const margin = 16, gap = 28;
const heading = { size: 17, bold: true, line: 24 }, caption = { size: 13, bold: true, line: 18 };

export function picture({ title, summary, panels, columns: most = 1, width = 880 }) {
  const inner = width - 2 * margin, columns = Math.min(most, panels.length);
  const room = (inner - gap * (columns - 1)) / columns;
  // Names beside the curves are quicker to read than a legend, but only if all panels have them.
  const direct = panels.every((panel) => panel.kind !== "curves" || curves.names_fit(panel, room));
  const keys = panels.flatMap((panel) => kinds[panel.kind].keys(panel, direct));

  const lines = wrap(title, inner, heading);
  const nodes = words(lines, margin, margin + heading.size, heading);
  let y = margin + lines.length * heading.line + 4;
  const key = legend(keys, inner);
  nodes.push(s("g", { class: "legend", transform: `translate(${margin},${y})` }, key.nodes));
  y += key.height + 12;
  for (let first = 0; first < panels.length; first += columns) {
    const row = draw_row(panels.slice(first, first + columns), room, direct);
    nodes.push(s("g", { transform: `translate(${margin},${y})` }, row.nodes));
    y += row.height + gap;
  }
  const height = Math.ceil(y - gap + margin);
  return s("svg", { xmlns: "http://www.w3.org/2000/svg", width, height,
    viewBox: `0 0 ${width} ${height}`, role: "img", "aria-labelledby": "title summary" },
  s("title", { id: "title" }, title), s("desc", { id: "summary" }, summary), style(),
  s("defs", null, hatch()), s("rect", { width, height, rx: 8, fill: "var(--surface)" }), nodes);
}

function draw_row(panels, width, direct) {
  const titles = panels.map(({ title }) => (title ? wrap(title, width, caption) : []));
  const top = caption.line * Math.max(...titles.map((lines) => lines.length));
  const plots = panels.map((panel) => kinds[panel.kind].draw(panel, width, direct));
  const nodes = plots.map((plot, i) => s("g", { class: `panel ${panels[i].kind}`,
    transform: `translate(${i * (width + gap)},0)` },
  words(titles[i], 0, caption.size, caption), inlined(plot, top)));
  return { nodes, height: top + Math.max(...plots.map((plot) => Number(plot.getAttribute("height")))) };
}

// A plot as a part of the picture: without the style sheet that each plot brings along.
function inlined(plot, y) {
  const parts = [...plot.childNodes].filter((node) => node.nodeName !== "style");
  return s("g", { transform: `translate(0,${y})`, fill: "currentColor", "text-anchor": "middle",
    "font-size": 12 }, parts);
}
