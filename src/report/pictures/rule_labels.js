// Labels of rules, inside the frame, where they cover the least of the curves and no other label.
import { text } from "@observablehq/plot";
import { inside, overlap } from "../page/js/place_labels.js";
import { text_width } from "./text.js";

const height = 15;

export function rule_labels(rules, { frame, x, y, series }) {
  const bounds = { left: frame.marginLeft, right: frame.width - frame.marginRight + 8,
    top: frame.marginTop - 2, bottom: frame.height - frame.marginBottom };
  const curves = series.flatMap(({ points, mark }) => trace(points, x, y, mark === "dots"));
  const lines = rules.map((rule) => ("x" in rule ? { x: x.at(rule.x) } : { y: y.at(rule.y) }));
  const crosses = (box, line) => (line.x > box.x0 && line.x < box.x1) || (line.y > box.y0 && line.y < box.y1);
  const taken = [];
  return rules.map((rule) => {
    const width = text_width(rule.label, { bold: true });
    const spots = "x" in rule ? beside(x.at(rule.x), width, bounds) : along(y.at(rule.y), width, bounds);
    const cost = (box) => (inside(box, bounds) ? 0 : 1e6)
      + 1e4 * taken.filter((other) => overlap(box, other)).length
      + 20 * lines.filter((other) => crosses(box, other)).length
      + curves.filter((point) => point.x > box.x0 && point.x < box.x1 && point.y > box.y0
        && point.y < box.y1).length;
    const best = spots.reduce((kept, box) => (cost(box) < cost(kept) ? box : kept));
    taken.push(best);
    return text([rule.label], { frameAnchor: "top-left", textAnchor: "start", lineAnchor: "middle",
      dx: best.x0 - frame.marginLeft, dy: (best.y0 + best.y1) / 2 - frame.marginTop, fontWeight: 600,
      fill: "currentColor", stroke: "var(--surface)", strokeWidth: 5, className: "label" });
  });
}

// Points every few pixels along a curve. At a gap they have no height, and so are in no box.
function trace(points, x, y, apart) {
  const at = points.map((point) => ({ x: x.at(point.x), y: y.at(point.y) }));
  return at.flatMap((to, i) => {
    const from = apart || i === 0 ? to : at[i - 1];
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 5)) || 1;
    return Array.from({ length: steps }, (_, j) => ({ x: to.x + (from.x - to.x) * (j / steps),
      y: to.y + (from.y - to.y) * (j / steps) }));
  });
}

// Along a horizontal rule, above or below; from its right end to its left one.
function along(at, width, { left, right }) {
  const starts = [1, 0.75, 0.5, 0.25, 0].map((part) => left + 4 + part * (right - left - width - 8));
  return starts.flatMap((x0) => [at - height - 1, at + 3].map((y0) =>
    ({ x0, x1: x0 + width, y0, y1: y0 + height })));
}

// To the right or left of a vertical rule, at any height.
function beside(at, width, { top, bottom }) {
  const rows = Array.from({ length: Math.floor((bottom - top) / height) }, (_, i) => top + i * height);
  return rows.flatMap((y0) => [at + 5, at - 5 - width].map((x0) =>
    ({ x0, x1: x0 + width, y0, y1: y0 + height })));
}
