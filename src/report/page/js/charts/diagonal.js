// Predicted against measured: on the diagonal the prediction was right.
import { areaY, dot, line, ruleX, ruleY, text } from "@observablehq/plot";
import { median } from "d3";
import { axis_scale } from "../axis_scale.js";
import { figure } from "../figure.js";
import { number, percent } from "../format.js";
import { place_labels } from "../place_labels.js";
import { known } from "../predictions.js";
import { base_plot, tooltip } from "../theme.js";

// Predictions within this share of the measured value are called close.
const close = 0.25;

// pairs: {policy, candidate}; quantity: {id, title, what, predicted(candidate), measured(policy)},
// both returning {value, lower, upper} or null.
export function diagonal(pairs, { id, title, what, predicted, measured }) {
  const points = pairs.map(({ policy, candidate }) => ({ policy, expected: predicted(candidate),
    found: measured(policy) }))
    .filter(({ expected, found }) => expected?.value > 0 && found?.value > 0);
  if (points.length === 0) return null;
  const missing = pairs.map(({ policy }) => policy).filter((policy) =>
    !points.some((point) => point.policy === policy)).map((policy) => policy.name);
  const errors = points.map(({ expected, found }) => Math.abs(expected.value / found.value - 1));
  const good = errors.filter((error) => error <= close).length;

  const draw = (width) => {
    const frame = { width, height: Math.round(Math.max(320, Math.min(440, width * 0.8))),
      marginTop: 28, marginBottom: 40, marginLeft: 54, marginRight: 18 };
    const values = points.flatMap(({ expected, found }) => [expected, found].flatMap((one) =>
      [one.value, one.lower, one.upper].filter((value) => known(value) && value > 0)));
    const x = axis_scale(values, frame.marginLeft, width - frame.marginRight);
    const y = axis_scale(values, frame.height - frame.marginBottom, frame.marginTop);
    const [low, high] = x.domain;
    const way = Array.from({ length: 41 }, (_, i) => (x.log ? low * (high / low) ** (i / 40)
      : low + (high - low) * (i / 40)));
    const inside = (value) => Math.max(low, Math.min(high, value));
    const ends = (one) => ({ lower: inside(one.lower), upper: inside(one.upper) });
    const whole = (name) => points.filter((point) => known(point[name].lower)
      && known(point[name].upper));
    const labels = place_labels(points.map((point) => ({ point, text: point.policy.short,
      x: x.at(point.expected.value), y: y.at(point.found.value) })),
    { left: frame.marginLeft + 2, right: width - 4, top: 20,
      bottom: frame.height - frame.marginBottom });
    return base_plot(width, {
      ...frame,
      x: { ...x.options, label: `Predicted ${what} \u2192`, grid: true },
      y: { ...y.options, label: `\u2191 Measured ${what}`, grid: true },
      marks: [
        areaY(way, { x: (value) => value, y1: (value) => value / (1 + close),
          y2: (value) => value / (1 - close), fill: "currentColor", fillOpacity: 0.07, clip: true }),
        line(way, { x: (value) => value, y: (value) => value, stroke: "currentColor",
          strokeOpacity: 0.6, strokeDasharray: "3 4" }),
        whole("expected").map((point) => ruleY([ends(point.expected)], { y: point.found.value,
          x1: "lower", x2: "upper", stroke: point.policy.colour, strokeWidth: 1.6,
          className: `data series p-${point.policy.order}` })),
        whole("found").map((point) => ruleX([ends(point.found)], { x: point.expected.value,
          y1: "lower", y2: "upper", stroke: point.policy.colour, strokeWidth: 1.6,
          className: `data series p-${point.policy.order}` })),
        points.map((point) => dot([point], { x: point.expected.value, y: point.found.value, r: 5,
          fill: point.policy.colour, symbol: point.policy.symbol, stroke: "var(--surface)",
          className: `data series p-${point.policy.order}` })),
        labels.map((label) => text([label.point], { x: label.point.expected.value,
          y: label.point.found.value, text: () => label.text, dx: label.dx, dy: label.dy,
          textAnchor: label.anchor, lineAnchor: "middle", fill: label.point.policy.label_colour,
          stroke: "var(--surface)", strokeWidth: 4, fontWeight: 600,
          className: `label series p-${label.point.policy.order}` })),
        tooltip(points, { x: (point) => point.expected.value, y: (point) => point.found.value,
          maxRadius: 40, title: ({ policy, expected, found }) => `${policy.name}\npredicted ${
            number(expected.value, 4)}\nmeasured ${number(found.value, 4)}\n${
            percent(expected.value / found.value - 1)} off` }),
      ],
    });
  };

  return figure({
    id, title: `${title}: predicted and measured`,
    summary: `On the dashed line the plan was right; the band is ${percent(close, 0)} to either side. ${
      good} of ${points.length} within it, the median is ${percent(median(errors))} off. Lines are `
      + "intervals; those of what was measured or simulated hold 95 %.",
    note: missing.length > 0 ? `Without a figure on one of the sides: ${missing.join(", ")}.` : null,
    draw,
    rows: () => [["Policy", "Predicted", "Measured", "Predicted / measured"],
      points.map(({ policy, expected, found }) => [policy.name, number(expected.value, 4),
        number(found.value, 4), (expected.value / found.value).toFixed(2)])],
  });
}
