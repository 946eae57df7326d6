// The trade-off that was predicted, with the measured points on it.
import { dot, line, link, text } from "@observablehq/plot";
import { axis_scale } from "../axis_scale.js";
import { figure } from "../figure.js";
import { number } from "../format.js";
import { measured_floor, measured_update } from "../measurements.js";
import { place_labels } from "../place_labels.js";
import { frontier, is_modelled, place } from "../predictions.js";
import { base_plot, narrow, tooltip } from "../theme.js";

export function compared_floors(plan, pairs) {
  if (!is_modelled(plan)) return null;
  const points = pairs.map(({ policy, candidate }) => ({ policy, expected: place(plan, candidate),
    time: measured_update(policy), loss: measured_floor(policy) }))
    .filter(({ expected, time, loss }) => expected && time?.value > 0 && loss?.value > 0);
  if (points.length === 0) return null;
  const found = (point) => ({ x: point.time.value, y: point.loss.value });
  // The rest of the line at the step sizes that were raced, for the frontier.
  const sizes = new Set(points.map(({ expected }) => expected.candidate.step_size));
  const all = plan.candidates.filter((one) => sizes.has(one.step_size))
    .map((one) => place(plan, one)).filter((point) => point !== null);
  const best = sizes.size === 1 ? frontier(all) : [];

  const draw = (width) => {
    const frame = { width, height: Math.round(Math.max(320, Math.min(480, width * 0.5))),
      marginTop: 28, marginBottom: 42, marginLeft: 54, marginRight: 20 };
    const measured = points.map((point) => ({ point, ...found(point) }));
    const places = [...all, ...measured];
    const x = axis_scale(places.map((one) => one.x), frame.marginLeft, width - frame.marginRight);
    const y = axis_scale(places.map((one) => one.y), frame.height - frame.marginBottom,
      frame.marginTop);
    const labels = place_labels(measured.map((one) => ({ one, text: one.point.policy.short,
      x: x.at(one.x), y: y.at(one.y) })),
    { left: frame.marginLeft + 2, right: width - 4, top: 18,
      bottom: frame.height - frame.marginBottom },
    all.map((one) => ({ x: x.at(one.x), y: y.at(one.y) })));
    return base_plot(width, {
      ...frame,
      x: { ...x.options, grid: true, label:
        `Time per update${narrow(width) ? "" : " (units of the delay law)"} \u2192` },
      y: { ...y.options, label: "\u2191 Loss in the end", grid: true },
      marks: [
        line(best, { x: "x", y: "y", stroke: "currentColor", strokeWidth: 7, strokeOpacity: 0.13,
          strokeLinejoin: "round", strokeLinecap: "round", className: "data" }),
        dot(all, { x: "x", y: "y", r: 3, stroke: "var(--muted)", strokeOpacity: 0.8,
          className: "data" }),
        points.map((point) => [
          link([point], { x1: point.expected.x, y1: point.expected.y, x2: point.time.value,
            y2: point.loss.value, stroke: point.policy.colour, strokeWidth: 1.6,
            className: `data series p-${point.policy.order}` }),
          dot([point.expected], { x: "x", y: "y", r: 5.5, fill: "var(--surface)",
            stroke: point.policy.colour, strokeWidth: 1.8, symbol: point.policy.symbol,
            className: `data series p-${point.policy.order}` }),
          dot([found(point)], { x: "x", y: "y", r: 5.5, fill: point.policy.colour,
            stroke: "var(--surface)", symbol: point.policy.symbol,
            className: `data series p-${point.policy.order}` })]),
        labels.map((label) => text([label.one], { x: "x", y: "y", text: () => label.text, dx: label.dx,
          dy: label.dy, textAnchor: label.anchor, lineAnchor: "middle",
          fill: label.one.point.policy.label_colour, stroke: "var(--surface)", strokeWidth: 4,
          fontWeight: 600, className: `label series p-${label.one.point.policy.order}` })),
        tooltip(measured, { x: "x", y: "y", maxRadius: 40, title: ({ point }) =>
          `${point.policy.name}\ntime per update ${number(point.time.value, 4)}, predicted ${
            number(point.expected.candidate.runtime_per_update.value, 4)}\nloss in the end ${
            number(point.loss.value, 4)}, predicted floor ${
            number(point.expected.candidate.error_floor, 4)}` }),
      ],
    });
  };

  return figure({
    id: "compared-floors",
    shape: "wide",
    title: "The trade-off: predicted and measured",
    summary: "Hollow markers are predictions, filled ones measurements: time per update, and the mean "
      + "training loss over the last tenth of the race. A policy whose loss was still falling lies "
      + `above its predicted floor.${best.length > 0 ? " The grey line is the predicted frontier." : ""}`,
    draw,
    rows: () => [["Policy", "Time per update, predicted", "Measured", "Error floor, predicted",
      "Loss in the end"], points.map(({ policy, expected: { candidate }, time, loss }) => [policy.name,
      number(candidate.runtime_per_update.value, 4), number(time.value, 4),
      number(candidate.error_floor, 4), number(loss.value, 4)])],
  });
}
