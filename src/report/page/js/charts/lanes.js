// What timelines consist of: a lane for each worker, the server's on top, and the ways of the gradients.
import { dot, line, rect, text } from "@observablehq/plot";
import { narrow } from "../theme.js";

export const server = -1;

// Margins, height and vertical axis for these workers' lanes.
export const lane_frame = (shown, width) => ({
  height: 30 * shown.length + 100,
  marginLeft: narrow(width) ? 62 : 76, marginRight: 14, marginTop: 10, marginBottom: 40,
  y: { domain: [server - 0.6, shown.length - 0.5], reverse: true, label: null, tickSize: 0,
    ticks: [server, ...shown.keys()],
    tickFormat: (y) => (y === server ? "server" : `worker ${shown[y]}`) },
});

// What the workers do; `spans` as `stretch` of timeline_data.js returns them.
export function lane_bars({ spans }) {
  const bar = (kind, options) => rect(spans.filter((span) => span.kind === kind), { x1: "x1",
    x2: "x2", y1: (span) => span.y - 0.26, y2: (span) => span.y + 0.26, className: `data ${kind}`,
    ...options });
  return [
    bar("idle", { fill: "none", stroke: "var(--line)" }),
    bar("compute", { fill: "var(--compute)", fillOpacity: 0.8, insetRight: 1 }),
    bar("cancelled", { fill: "url(#hatch)", stroke: "var(--lost)", insetRight: 1 }),
  ];
}

// The gradients on their way to the server.
export function lane_ways({ shown, flights, updates }, width) {
  // Along the top of the worker's lane to the instant of the update, then up to the server.
  const ways = flights.flatMap((flight, i) => [[flight.push, flight.y - 0.36],
    [flight.used, flight.y - 0.36], [flight.used, server]].map(([x, y]) => ({ x, y, i })));
  const roomy = flights.length * 26 < width * Math.min(4, shown.length);

  return [
    line(ways, { x: "x", y: "y", z: "i", stroke: "currentColor", strokeOpacity: 0.5,
      strokeWidth: 1, strokeLinejoin: "round", className: "data" }),
    dot(flights, { x: "push", y: (flight) => flight.y - 0.36, r: 2.6, stroke: "currentColor",
      strokeWidth: 1.2, fill: (flight) => (flight.stale > 0 ? "var(--surface)" : "currentColor"),
      className: "data" }),
    roomy ? text(flights, { x: "push", y: (flight) => flight.y - 0.36, dx: -7, fontSize: 11,
      text: (flight) => `${flight.stale}`, filter: (flight) => flight.stale > 0,
      stroke: "var(--surface)", strokeWidth: 3, fill: "currentColor" }) : null,
    dot(updates, { x: (time) => time, y: server, r: 4.5, symbol: "triangle",
      fill: "currentColor", className: "data" }),
  ];
}
