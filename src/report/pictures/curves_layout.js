// Where everything in a panel of curves lies, and whether the curves' names fit beside them.
import { look as look_of } from "../page/js/looks.js";
import { spread } from "../page/js/theme.js";
import { axis_over, domain_of, label_width } from "./axis.js";
import { text_width } from "./text.js";

const known = (value) => value !== null && value !== undefined;
const bold = { bold: true };

// A dashed line with hollow markers is the same series as predicted.
export function series_of({ name, color, dashed = false, mark = "line", points }) {
  return { name, mark, look: { ...look_of(color), order: color, dash: dashed ? "5 4" : "none",
    hollow: dashed, bare: mark === "dots" },
  points: points.map(([x, y, low, high]) => ({ x, y: y ?? undefined, low: low ?? undefined,
    high: high ?? undefined })) };
}

export function layout(panel, width, direct) {
  const series = panel.series.map(series_of), rules = panel.rules ?? [];
  const drawn = series.flatMap(({ points }) => points).filter((point) => known(point.y));
  const across = drawn.map((point) => point.x);
  const x_domain = domain_of(panel.x, [...across, ...rules.map((rule) => rule.x)].filter(known));
  const heights = [...drawn.flatMap(({ y, low, high }) => [y, low, high]), ...rules.map((rule) => rule.y)]
    .filter(known);
  // Where a band reaches zero, a logarithmic axis ends somewhat below the curves.
  const floor = panel.y.scale === "log" ? Math.min(...drawn.map((point) => point.y)) / 3 : -Infinity;
  const y_domain = domain_of(panel.y, heights.map((value) => Math.max(value, floor)));

  const names = direct ? [...series.map(({ name }) => name), ...rules.filter((rule) => "y" in rule)
    .map((rule) => rule.label ?? "")] : [];
  const frame = { width, height: Math.round(Math.max(236, Math.min(380, width * 0.46))),
    marginTop: 28, marginBottom: 40, marginLeft: Math.ceil(14 + label_width(panel.y, y_domain)),
    marginRight: direct ? Math.ceil(14 + Math.max(...names.map((name) => text_width(name, bold)))) : 12 };
  const x = axis_over(panel.x, x_domain, frame.marginLeft, width - frame.marginRight,
    { values: across });
  const y = axis_over(panel.y, y_domain, frame.height - frame.marginBottom, frame.marginTop,
    { values: drawn.map((point) => point.y), down: true });
  return { frame, x, y, series, rules };
}

// The names at the heights where their curves end, and those of horizontal rules among them.
export const names_of = ({ series, rules, y }) => [
  ...series.map(({ name, look, points }) => ({ text: name, y: y.at(last(points).y),
    fill: look.label_colour, className: "label" })),
  ...rules.filter((rule) => rule.label && "y" in rule).map((rule) => ({ text: rule.label,
    y: y.at(rule.y), fill: "currentColor", className: "label" })),
];

const last = (points) => points.filter((point) => known(point.y)).at(-1);

// They do if they leave the curves most of the width, if all curves end at the right edge, and if none
// has to move so far from its curve's end that it would seem to be another's.
export function names_fit(panel, width) {
  const { frame, x, y, series, rules } = layout(panel, width, true);
  if (frame.marginRight > 0.3 * width) return false;
  const right = width - frame.marginRight, reach = right - 0.12 * (right - frame.marginLeft);
  const ends = series.map(({ points }) => last(points));
  if (!ends.every((end) => x.at(end.x) >= reach && x.at(end.x) <= right + 1
    && end.y >= y.domain[0] && end.y <= y.domain[1])) return false;
  const placed = spread(names_of({ series, rules, y }), 14, frame.marginTop,
    frame.height - frame.marginBottom);
  return placed.every((name) => Math.abs(name.at - name.y) <= 30);
}
