// Error against time, updates or compute: mean over seeds, a band of one standard error, the target.
import { ruleY, text } from "@observablehq/plot";
import { extent } from "d3";
import { curve_marks } from "../curve_marks.js";
import { mean_curve } from "../curves.js";
import { end_labels, name_margin } from "../end_labels.js";
import { choice, figure } from "../figure.js";
import { compact, number, percent, percent_tick } from "../format.js";
import { base_plot, log_ticks, narrow, tooltip } from "../theme.js";

// kind: {id, x, against, summary, axis, short_axis, unit, shape}; scales: {x, y}, "log" or "linear", kept by
// the caller so that they outlive a redraw.
export function error_curve({ visible, metric }, kind, scales) {
  const value = (y) => (metric.fraction ? percent(y) : number(y));
  const series = visible.map((policy) => ({ policy,
    points: mean_curve(policy.curves, kind.x, metric.column) }))
    .filter(({ points }) => points.length > 0);
  if (series.length === 0) return null;

  const draw = (width) => {
    const log_x = scales.x === "log", log_y = scales.y === "log";
    const shown = series.map(({ policy, points }) => ({ policy, points: points.filter((point) =>
      (!log_x || point.x > 0) && (!log_y || point.y > 0)) })).filter((one) => one.points.length);
    const all = shown.flatMap(({ points }) => points);
    const [low, high] = extent([...all.map((point) => point.y), metric.target ?? all[0].y]);
    const domain = log_y ? [low * 0.94, high * 1.04] : [Math.min(0, low), high * 1.02];
    const phone = narrow(width), labelled = width >= 480;
    const height = Math.round(Math.max(270, Math.min(440, width * 0.5)));
    const frame = { width, height, marginTop: 28, marginBottom: 40, marginLeft: 46,
      marginRight: labelled ? name_margin(shown.map(({ policy }) => policy.short)) : 12 };
    return base_plot(width, {
      ...frame,
      x: { type: scales.x, label: phone ? kind.short_axis : kind.axis, grid: false, nice: false,
        ...(log_x ? { ticks: log_ticks(extent(all, (point) => point.x), phone ? 5 : 9), tickFormat: compact }
          : { ticks: phone ? 4 : 8, tickFormat: compact }) },
      y: { type: scales.y, domain, label: `\u2191 ${metric.label}`, grid: true, clamp: true,
        tickFormat: metric.fraction ? percent_tick : (y) => number(y),
        // A stretch of the axis without a number would leave the reader guessing there.
        ...(log_y ? { ticks: log_ticks(domain, 9, { fewest: 4 }) } : {}) },
      marks: [
        ...shown.map(({ policy, points }) => curve_marks(policy, points, domain[0],
          { className: `data series p-${policy.order}` })),
        ...target_marks(metric, value, labelled),
        labelled ? end_labels(names_of(shown, frame, { domain, log: log_y },
          metric.target === null ? null
            : { y: metric.target, text: `target ${value(metric.target)}` }), frame) : null,
        tooltip(shown.flatMap(({ policy, points }) => points.map((point) => ({ ...point, policy }))),
          { x: "x", y: "y", maxRadius: 40, title: (point) =>
            `${point.policy.name}\n${kind.unit} ${number(point.x, 4)}\n${metric.label} ${
              value(point.y)}${point.seeds > 1 ? ` \u00b1 ${value(point.error)}` : ""}` }),
      ],
    });
  };

  const built = figure({
    ...kind,
    title: `${metric.word === "error" ? "Error" : "Loss"} against ${kind.against}`,
    controls: [
      choice("Horizontal axis", [["linear", "linear x"], ["log", "log x"]], scales.x,
        (key) => { scales.x = key; built.redraw(); }),
      choice("Vertical axis", [["linear", `linear ${metric.word}`],
        ["log", `log ${metric.word}`]], scales.y,
        (key) => { scales.y = key; built.redraw(); }),
    ],
    draw,
    rows: () => [["Policy", kind.unit, metric.label, "Standard error", "Seeds"],
      series.flatMap(({ policy, points }) => points.filter((_, i) =>
        i % Math.ceil(points.length / 10) === 0 || i === points.length - 1).map((point) =>
        [policy.name, number(point.x, 4), value(point.y), value(point.error), point.seeds]))],
  });
  return built;
}

function target_marks({ target }, value, labelled) {
  if (target === null) return [];
  return [
    ruleY([target], { stroke: "currentColor", strokeOpacity: 0.75, strokeDasharray: "3 4" }),
    // With names at the edge the target is one of them.
    labelled ? null : text([target], { y: target, frameAnchor: "right", dx: -2, dy: -8,
      text: () => `target ${value(target)}`, fill: "currentColor", stroke: "var(--surface)",
      strokeWidth: 5, fontWeight: 600 }),
  ];
}

// The names, and the target among them, at the heights where their curves end.
function names_of(shown, { height, marginTop, marginBottom }, y_scale, target) {
  const [low, high] = y_scale.domain;
  const scale = y_scale.log ? Math.log : (y) => y;
  const place = (y) => height - marginBottom - (height - marginTop - marginBottom)
    * ((scale(y) - scale(low)) / (scale(high) - scale(low)));
  const names = shown.map(({ policy, points }) => ({ text: policy.short, y: place(points.at(-1).y),
    fill: policy.label_colour, className: `series p-${policy.order}` }));
  // A little apart, lest it be read as a part of the next name.
  if (target) names.push({ text: target.text, y: place(target.y), fill: "var(--muted)", gap: 19 });
  return names;
}
