// Loss against time, a panel for each policy: predicted dashed, measured solid.
import { areaY, line, text } from "@observablehq/plot";
import { axis_scale } from "../axis_scale.js";
import { mean_curve } from "../curves.js";
import { figure } from "../figure.js";
import { number } from "../format.js";
import { loss_column } from "../measurements.js";
import { panels } from "../panels.js";
import { known } from "../predictions.js";
import { base_plot, tooltip } from "../theme.js";

export function compared_curves(pairs) {
  const shown = pairs.filter(({ candidate, policy }) => candidate.curve?.length > 1
    && loss_column(policy.curves)).map(({ policy, candidate }, i) => ({ policy, i,
    predicted: candidate.curve.filter(([x, y]) => known(x) && known(y))
      .map(([x, y]) => ({ x, y, i, policy, what: "predicted" })),
    measured: mean_curve(policy.curves, "time", loss_column(policy.curves))
      .map((point) => ({ ...point, i, policy, what: "measured" })) }))
    .filter(({ measured }) => measured.length > 1);
  if (shown.length === 0) return null;

  const draw = (width) => {
    const grid = panels(shown.length, width, 230);
    const all = shown.flatMap(({ predicted, measured }) => [...predicted, ...measured]);
    // Predictions end at the target: beyond the last of them there is nothing to compare.
    const end = 1.15 * Math.max(...shown.flatMap(({ predicted }) => predicted.map((one) => one.x)));
    const seen = all.filter((point) => point.x <= end);
    const y = axis_scale(seen.map((point) => point.y), grid.width, 0);
    const at = { fx: (one) => grid.column(one.i), fy: (one) => grid.row(one.i) };
    const [bottom] = y.domain;
    return base_plot(width, {
      ...grid.frame,
      x: { domain: [0, end], label: "Virtual time \u2192",
        ticks: Math.max(2, Math.floor(grid.width / 60)), tickFormat: (time) => number(time) },
      y: { ...y.options, label: "\u2191 Loss", grid: true },
      marks: [
        shown.map(({ policy, measured, predicted }) => {
          const own = measured.filter((point) => point.x <= end);
          const name = `data series p-${policy.order}`;
          return [
            areaY(own, { x: "x", y1: (point) => Math.max(bottom, point.low), y2: "high", ...at,
              fill: policy.colour, fillOpacity: 0.16, className: name }),
            line(own, { x: "x", y: "y", ...at, stroke: policy.colour, strokeWidth: 2,
              className: name }),
            line(predicted, { x: "x", y: "y", ...at, stroke: "currentColor", strokeWidth: 1.8,
              strokeDasharray: "5 4", className: name }),
          ];
        }),
        text(shown, { ...at, frameAnchor: "top-right", dx: -6, dy: 5,
          text: ({ policy }) => policy.short, fontWeight: 600,
          fill: ({ policy }) => policy.label_colour, stroke: "var(--surface)", strokeWidth: 4 }),
        tooltip(seen, { x: "x", y: "y", ...at, maxRadius: 40, title: (point) =>
          `${point.policy.name}, ${point.what}\ntime ${number(point.x, 4)}\nloss ${
            number(point.y, 4)}` }),
      ],
    });
  };

  return figure({
    id: "compared-curves",
    shape: "wide",
    title: "Loss against time: predicted and measured",
    summary: "Solid: the mean over seeds, with a band of one standard error. Dashed: one simulated run "
      + "of the plan, which ends at the target.",
    draw,
    rows: () => [["Policy", "What", "Time", "Loss"], shown.flatMap(({ predicted, measured }) =>
      [predicted, measured].flatMap((points) => points.filter((_, i) =>
        i % Math.ceil(points.length / 6) === 0).map((point) => [point.policy.name, point.what,
        number(point.x, 4), number(point.y, 4)])))],
  });
}
