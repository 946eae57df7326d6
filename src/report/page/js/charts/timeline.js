// What every worker did, and where its gradients went: a lane per worker, the server on top.
import { dot, line, rect, text } from "@observablehq/plot";
import { h } from "../dom.js";
import { figure } from "../figure.js";
import { number, plural } from "../format.js";
import { base_plot, narrow, tooltip } from "../theme.js";
import { fate, stretch } from "./timeline_data.js";

const server = -1;

// `view` {policy, from, span} is kept by the caller: it outlives a redraw.
export function timeline({ setting }, view) {
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
    draw: (width) => draw(chosen(), view, width),
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

function draw(policy, view, width) {
  const { begin, end, shown, spans, flights, updates } = stretch(policy.timeline, view);
  const bar = (kind, options) => rect(spans.filter((span) => span.kind === kind), { x1: "x1",
    x2: "x2", y1: (span) => span.y - 0.26, y2: (span) => span.y + 0.26, className: `data ${kind}`,
    ...options });
  // Along the top of the worker's lane to the instant of the update, then up to the server.
  const ways = flights.flatMap((flight, i) => [[flight.push, flight.y - 0.36],
    [flight.used, flight.y - 0.36], [flight.used, server]].map(([x, y]) => ({ x, y, i })));
  const roomy = flights.length * 26 < width * Math.min(4, shown.length);

  return base_plot(width, {
    height: 30 * shown.length + 100,
    marginLeft: narrow(width) ? 62 : 76, marginRight: 14, marginTop: 10, marginBottom: 40,
    x: { domain: [begin, end], label: "Virtual time \u2192", ticks: narrow(width) ? 4 : 10 },
    y: { domain: [server - 0.6, shown.length - 0.5], reverse: true, label: null, tickSize: 0,
      ticks: [server, ...shown.keys()],
      tickFormat: (y) => (y === server ? "server" : `worker ${shown[y]}`) },
    marks: [
      bar("idle", { fill: "none", stroke: "var(--line)" }),
      bar("compute", { fill: "var(--compute)", fillOpacity: 0.8, insetRight: 1 }),
      bar("cancelled", { fill: "url(#hatch)", stroke: "var(--lost)", insetRight: 1 }),
      line(ways, { x: "x", y: "y", z: "i", stroke: "currentColor", strokeOpacity: 0.5,
        strokeWidth: 1, strokeLinejoin: "round", className: "data" }),
      dot(flights, { x: "push", y: (flight) => flight.y - 0.36, r: 2.6, stroke: "currentColor",
        strokeWidth: 1.2, fill: (flight) => (flight.stale > 0 ? "var(--surface)" : "currentColor"),
        className: "data" }),
      roomy ? text(flights, { x: "push", y: (flight) => flight.y - 0.36, dx: -7, fontSize: 11,
        text: (flight) => `${flight.stale}`, filter: (flight) => flight.stale > 0, stroke: "var(--surface)", strokeWidth: 3,
        fill: "currentColor" }) : null,
      dot(updates, { x: (time) => time, y: server, r: 4.5, symbol: "triangle",
        fill: "currentColor", className: "data" }),
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
