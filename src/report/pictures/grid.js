// A table in colours: which one of several things holds in each of rows times columns.
import { dot, rect, text } from "@observablehq/plot";
import { s } from "../page/js/dom.js";
import { look as look_of } from "../page/js/looks.js";
import { base_plot } from "../page/js/theme.js";
import { shape_key } from "./legend.js";
import { shorten, text_width } from "./text.js";

const height = 44, head = 46, tint = 0.24;

export function keys({ legend = [] }) {
  return legend.map(({ name, color }) => {
    const look = look_of(color);
    return shape_key(JSON.stringify([name, color, "cell"]), name,
      s("rect", { x: 0, y: 0, width: 30, height: 12, rx: 2, fill: look.colour, "fill-opacity": tint }),
      s("path", { d: look.marker_path, transform: "translate(15 6)", fill: look.colour }));
  });
}

export function draw({ x, y, columns, rows, cells }, width) {
  const left = Math.ceil(Math.min(0.35 * width, 12 + Math.max(...[...rows, y.label].map((name) =>
    text_width(name)))));
  const each = (width - left) / columns.length;
  const boxes = cells.map((cell) => ({ ...cell, look: cell.color === undefined ? null
    : look_of(cell.color) }));
  const marked = each >= 84;
  const coloured = boxes.filter(({ look }) => marked && look !== null);
  const plain = boxes.filter((box) => !coloured.includes(box));

  return base_plot(width, {
    height: head + height * rows.length + 2,
    marginLeft: left, marginRight: 0, marginTop: head, marginBottom: 2,
    x: { domain: [0, columns.length], axis: null },
    y: { domain: [0, rows.length], reverse: true, axis: null },
    marks: [
      rect(boxes, { x1: "column", x2: (cell) => cell.column + 1, y1: "row", y2: (cell) => cell.row + 1,
        inset: 1.5, rx: 4, fill: (cell) => cell.look?.colour ?? "none", fillOpacity: tint,
        stroke: (cell) => cell.look?.colour ?? "var(--line)", strokeOpacity: 0.6, className: "data" }),
      coloured.map((cell) => dot([cell], { x: "column", y: "row", dx: 14, dy: height / 2,
        symbol: cell.look.symbol, fill: cell.look.colour, r: 4, className: "data" })),
      written(coloured, { dx: 26, textAnchor: "start" }, each - 30),
      written(plain, { dx: each / 2 }, each - 8),
      text(columns, { x: (_, i) => i + 0.5, y: 0, dy: -11, text: (name) => shorten(name, each - 6) }),
      text(rows, { x: 0, y: (_, i) => i + 0.5, dx: -8, textAnchor: "end",
        text: (name) => shorten(name, left - 10) }),
      text([y.label], { x: 0, y: 0, dx: -8, dy: -11, textAnchor: "end", fill: "var(--muted)",
        text: (name) => shorten(name, left - 10) }),
      text([x.label], { frameAnchor: "top", dy: -34, fill: "var(--muted)" }),
    ],
  });
}

// Text, and the note below it if there is one; `at` counts from the top left corner of a cell.
function written(cells, at, room) {
  const line = (list, word, dy, size, bold) => text(list, { ...at, x: "column", y: "row", dy,
    text: (cell) => shorten(cell[word], room, { size, bold }), fontSize: size,
    fontWeight: bold ? 600 : 400, className: "label" });
  const noted = cells.filter((cell) => cell.note);
  return [
    line(cells.filter((cell) => !cell.note), "text", height / 2, 12, true),
    line(noted, "text", height / 2 - 8, 12, true),
    line(noted, "note", height / 2 + 8, 11, false),
  ];
}
