// Curves, with bands or whiskers, and rules.
import { ruleX, ruleY } from "@observablehq/plot";
import { curve_marks, markers } from "../page/js/curve_marks.js";
import { end_labels } from "../page/js/end_labels.js";
import { base_plot } from "../page/js/theme.js";
import { layout, names_of, series_of } from "./curves_layout.js";
import { line_key } from "./legend.js";
import { rule_labels } from "./rule_labels.js";
import { shorten } from "./text.js";

export { names_fit } from "./curves_layout.js";

export const keys = (panel, direct) => (direct ? []
  : panel.series.map(series_of).map(({ name, look }) => line_key(name, look)));

export function draw(panel, width, direct) {
  const { frame, x, y, series, rules } = layout(panel, width, direct);
  const inside = (point) => [[x, point.x], [y, point.y]].every(([{ domain }, value]) =>
    value >= domain[0] && value <= domain[1]);
  const label = (axis) => shorten(axis.label, width - 20);
  return base_plot(width, {
    ...frame,
    x: { ...x.options, label: `${label(panel.x)} \u2192` },
    y: { ...y.options, label: `\u2191 ${label(panel.y)}`, grid: true },
    marks: [
      series.map((one) => series_marks(one, y.domain[0], inside)),
      rules.map(rule_mark),
      direct ? end_labels(names_of({ series, rules, y }), frame) : null,
      rule_labels(rules.filter((rule) => rule.label && !(direct && "y" in rule)), { frame, x, y, series }),
    ],
  });
}

function series_marks({ look, mark, points }, bottom, inside) {
  const className = "data", clip = true;
  if (mark === "dots") {
    return [
      ruleX(points.filter((point) => point.low !== undefined && inside(point)), { x: "x",
        y1: (point) => Math.max(bottom, point.low), y2: "high", stroke: look.colour, strokeWidth: 1.6,
        className, clip }),
      markers(look, points.filter((point) => inside(point)), className),
    ];
  }
  return curve_marks(look, points, bottom, { className, clip, inside,
    curve: mark === "steps" ? "step-after" : "linear", every: mark === "line+dots" ? 1 : undefined });
}

const rule_look = { stroke: "currentColor", strokeOpacity: 0.75, strokeDasharray: "3 4",
  className: "rule" };
const rule_mark = (rule) => ("x" in rule ? ruleX([rule.x], rule_look) : ruleY([rule.y], rule_look));
