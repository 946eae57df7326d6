// K of the adaptive policies, a step function of time.
import { line, pointerX, text } from "@observablehq/plot";
import { max } from "d3";
import { clock } from "../clock.js";
import { figure } from "../figure.js";
import { number } from "../format.js";
import { base_plot, narrow, tooltip } from "../theme.js";

export function k_over_time({ race, visible }) {
  const adaptive = visible.filter((policy) => policy.k?.length > 0);
  if (adaptive.length === 0) return null;
  const end = max(adaptive, (policy) => max(policy.curves, (curve) => curve.time.at(-1))
    ?? policy.k.at(-1)[0]);
  const series = adaptive.map((policy) => ({ policy, steps: [...policy.k,
    [Math.max(end, policy.k.at(-1)[0]), policy.k.at(-1)[1]]].map(([time, k]) =>
    ({ time, k, policy })) }));
  const highest = max(series, ({ steps }) => max(steps, (step) => step.k));

  const draw = (width) => base_plot(width, {
    height: 260,
    marginLeft: 40, marginRight: 16, marginTop: 28, marginBottom: 40,
    x: { label: clock(race).short_axis, ticks: narrow(width) ? 4 : 8 },
    y: { label: "\u2191 K (gradients per update)", domain: [0, highest * 1.05], grid: true,
      tickFormat: (k) => (Number.isInteger(k) ? `${k}` : "") },
    marks: [
      series.map(({ policy, steps }, i) => [
        line(steps, { x: "time", y: "k", curve: "step-after", stroke: policy.colour,
          // Two policies that change at the same instants would hide each other.
          dy: -2.5 * i, strokeWidth: 2.2, strokeDasharray: policy.dash,
          className: `data series p-${policy.order}` }),
        text([steps[0]], { x: "time", y: highest, dx: 8, dy: 4 + 15 * i, textAnchor: "start",
          text: () => policy.short, fill: policy.label_colour, fontWeight: 600 }),
      ]),
      tooltip(series.flatMap(({ steps }) => steps), { x: "time", y: "k", title: (step) =>
        `${step.policy.name}\nfrom ${number(step.time, 4)}: K = ${step.k}` }, pointerX),
    ],
  });

  return figure({
    id: "k-over-time",
    shape: "wide",
    title: "How K grew",
    summary: `An adaptive policy waits for few gradients while the error is large and for more as it `
      + `falls. ${series.map(({ policy, steps }) => `${policy.short}: K from ${steps[0].k} to ${
        steps.at(-1).k}`).join("; ")}${race.seeds.length > 1 ? " (first seed)" : ""}.`,
    draw,
    rows: () => [["Policy", "From time", "K"], series.flatMap(({ policy, steps }) =>
      steps.slice(0, -1).map((step) => [policy.name, number(step.time, 4), `${step.k}`]))],
  });
}
