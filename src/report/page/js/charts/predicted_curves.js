// Loss against time, one line for each candidate that was simulated.
import { dot, line, ruleY, text } from "@observablehq/plot";
import { axis_scale } from "../axis_scale.js";
import { h, swatch } from "../dom.js";
import { choice, figure } from "../figure.js";
import { number } from "../format.js";
import { dashes } from "../looks.js";
import { family_look } from "../policies.js";
import { is_choice, known, step_sizes } from "../predictions.js";
import { base_plot, narrow, tooltip } from "../theme.js";

const most_named = 6;

export function predicted_curves(plan) {
  const several = step_sizes(plan).length > 1;
  const curves = plan.candidates.filter((one) => one.curve?.length > 1).map((candidate, rank) => ({
    candidate, rank, chosen: is_choice(plan, candidate),
    points: candidate.curve.filter(([time, loss]) => known(time) && known(loss))
      .map(([time, loss]) => ({ time, loss, candidate })) })).filter(({ points }) => points.length > 1);
  if (curves.length === 0) return null;
  const sync = curves.find(({ candidate }) => candidate.policy === "sync");
  const named = curves.filter((one) => one.rank < most_named || one.chosen || one === sync);
  const seen = new Map();
  for (const one of named) {
    one.look = family_look(one.candidate.policy);
    const before = seen.get(one.look.family) ?? 0;
    seen.set(one.look.family, before + 1);
    // The family has the colour and the marker; the dash tells its members apart.
    one.look.dash = dashes[before % dashes.length];
    one.name = several ? `${one.candidate.policy}, step ${number(one.candidate.step_size)}`
      : one.candidate.policy;
  }
  const others = curves.filter((one) => !named.includes(one));
  const target = plan.workload.target_loss;
  // Sync may take so long that the leaders would share a corner of the chart.
  const end_of = (list) => Math.max(...list.map(({ points }) => points.at(-1).time));
  const whole = end_of(curves);
  const lead = 1.15 * end_of(named.filter((one) => one !== sync || named.length === 1));
  const view = { span: lead < whole / 2 ? "lead" : "all" };

  const draw = (width) => {
    const ending = (points) => (view.span === "all" || points.at(-1).time <= lead
      ? [points.at(-1)] : []);
    const all = curves.flatMap(({ points }) => points);
    const frame = { width, height: Math.round(Math.max(300, Math.min(440, width * 0.55))),
      marginTop: 28, marginBottom: 40, marginLeft: 50, marginRight: 16 };
    const y = axis_scale([...all.map((point) => point.loss), ...(target === null ? [] : [target])],
      frame.height - frame.marginBottom, frame.marginTop);
    return base_plot(width, {
      ...frame,
      x: { domain: [0, view.span === "lead" ? lead : whole], label: "Virtual time \u2192",
        ticks: narrow(width) ? 4 : 8, tickFormat: (time) => number(time) },
      y: { ...y.options, label: "\u2191 Expected loss", grid: true },
      marks: [
        others.map(({ points }) => line(points, { x: "time", y: "loss", stroke: "var(--muted)",
          strokeWidth: 1, strokeOpacity: 0.35, clip: true, className: "data" })),
        target === null ? null : ruleY([target], { stroke: "currentColor", strokeOpacity: 0.75,
          strokeDasharray: "3 4" }),
        target === null ? null : text([`target ${number(target)}`], { y: target,
          frameAnchor: "left", dx: 4, dy: 10, fill: "currentColor", stroke: "var(--surface)",
          strokeWidth: 5, fontWeight: 600 }),
        [...named].reverse().map(({ points, look, chosen }) => [
          line(points, { x: "time", y: "loss", stroke: look.colour, strokeWidth: chosen ? 3 : 1.8,
            strokeDasharray: look.dash, strokeLinejoin: "round", clip: true, className: "data" }),
          dot(ending(points), { x: "time", y: "loss", fill: look.colour, symbol: look.symbol, r: 4.5,
            stroke: "var(--surface)", className: "data" }),
          chosen ? dot(ending(points), { x: "time", y: "loss", r: 9, stroke: "var(--accent)",
            strokeWidth: 2.4 }) : null]),
        tooltip(all.filter(({ time }) => view.span === "all" || time <= lead), {
          x: "time", y: "loss", maxRadius: 40, title: (point) =>
          `${point.candidate.policy}, step size ${number(point.candidate.step_size)}\ntime ${
            number(point.time, 4)}\nloss ${number(point.loss, 4)}` }),
      ],
    });
  };

  const built = figure({
    id: "predicted-curves",
    title: "Predicted loss against time",
    summary: `One simulated run of each candidate${others.length > 0 ? `; ${others.length} slower ones `
      + "in grey" : ""}. ${target === null ? "" : "A line ends where it meets the target."}`,
    controls: [lead < whole ? choice("Stretch of time", [["lead", "the leaders"], ["all", "all of it"]],
      view.span, (key) => { view.span = key; built.redraw(); }) : null,
    h("ul", { class: "key" }, named.map((one) => h("li", null, swatch(one.look), one.name)))],
    draw,
    rows: () => [["Policy", "Step size", "Time", "Loss"], named.flatMap(({ candidate, points }) =>
      points.filter((_, i) => i % Math.ceil(points.length / 8) === 0 || i === points.length - 1)
        .map((point) => [candidate.policy, number(candidate.step_size), number(point.time, 4),
          number(point.loss, 4)]))],
  });
  return built;
}
