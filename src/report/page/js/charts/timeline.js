// What every worker did, and where its gradients went: a lane per worker, the server on top.
import { text } from "@observablehq/plot";
import { clock } from "../clock.js";
import { h } from "../dom.js";
import { figure } from "../figure.js";
import { number, plural } from "../format.js";
import { base_plot, narrow, tooltip } from "../theme.js";
import { lane_bars, lane_frame, lane_ways } from "./lanes.js";
import { fate, stretch } from "./timeline_data.js";

// `view` {policy, from, span} is kept by the caller: it outlives a redraw.
export function timeline({ race, setting }, view) {
  const policies = setting.policies.filter((policy) => policy.timeline.spans.length > 0);
  if (policies.length === 0) return null;
  const chosen = () => policies.find((policy) => policy.name === view.policy) ?? policies[0];

  const built = figure({
    id: "timeline",
    shape: "wide",
    title: "What the workers did",
    summary: "A lane for each worker, time to the right. Solid: computing. Hatched: work that was "
      + "cancelled. Outline: idle. An arrow leads from the push of a gradient to the update on the "
      + "server that used it. A hollow dot marks a stale one, the number says by how many updates.",
    controls: controls(policies, chosen, view, () => built.redraw()),
    draw: (width) => draw(chosen(), view, width, clock(race)),
    rows: () => [["Policy", "Worker", "Pushed at", "Used at", "Staleness"],
      policies.flatMap((policy) => policy.timeline.arrows.slice(0, 40).map(
        ([worker, push, used, stale]) => [policy.name, `${worker}`, number(push, 4),
          number(used, 4), `${stale}`]))],
  });
  return built;
}

function controls(policies, chosen, view, redraw) {
  const { from, to } = chosen().timeline;
  const choose = (name, options, change) => h("label", null, `${name} `,
    h("select", { id: `timeline-${name.toLowerCase()}`, onchange: (event) => {
      change(event.target.value);
      redraw();
    } }, options.map(([value, label, selected]) => h("option", { value, selected }, label))));
  return [
    choose("Policy", policies.map((policy) => [policy.name, policy.name, policy === chosen()]),
      (value) => { view.policy = value; }),
    choose("Show", [[0.125, "an eighth"], [0.25, "a quarter"], [0.5, "half"], [1, "all"]].map(
      ([part, name]) => [part, `${name} (${number((to - from) * part)})`, part === view.span]),
    (value) => { view.span = Number(value); }),
    h("label", null, "From ", h("input", { type: "range", min: 0, max: 1, step: 0.01,
      value: view.from, "aria-label": "Start of the stretch shown",
      oninput: (event) => { view.from = Number(event.target.value); redraw(); } })),
  ];
}

function draw(policy, view, width, { short_axis }) {
  const seen = stretch(policy.timeline, view);
  const { begin, end, shown, spans } = seen;
  return base_plot(width, {
    ...lane_frame(shown, width),
    x: { domain: [begin, end], label: short_axis, ticks: narrow(width) ? 4 : 10 },
    marks: [
      lane_bars(seen),
      lane_ways(seen, width),
      tooltip(spans, { x: (span) => (span.x1 + span.x2) / 2, y: "y", maxRadius: 60,
        title: (span) => `worker ${span.worker}: ${span.kind}\n${number(span.a, 4)} to ${
          number(span.b, 4)}${describe(fate(span, policy.timeline.arrows))}` }),
      shown.length < policy.timeline.workers
        ? text([`${shown.length} of ${policy.timeline.workers} workers`], { frameAnchor: "top-right",
          dy: -4, fill: "var(--muted)" }) : null,
    ],
  });
}

const describe = (arrow) => (arrow
  ? `\nused at ${number(arrow[2], 4)}, ${plural(arrow[3], "update")} stale` : "");
