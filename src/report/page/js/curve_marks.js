// A curve with its band and its markers.
import { areaY, dot, line } from "@observablehq/plot";

// look: {colour, dash, symbol, order, hollow}; points: {x, y, low, high}; `bottom`: where bands end if
// they reach below the axis. `every`: each how many points there is a marker, about seven if not said.
export function curve_marks(look, points, bottom, { className, curve = "linear", every, inside, clip } = {}) {
  const step = every ?? Math.max(1, Math.round(points.length / 7));
  // Markers start at another place on every line, so that those of close lines don't cover each other.
  const marked = points.filter((_, i) => i % step === (look.order * 3) % step);
  return [
    areaY(points, { x: "x", y1: (point) => Math.max(bottom, point.low), y2: "high",
      fill: look.colour, fillOpacity: 0.13, curve, clip, className }),
    line(points, { x: "x", y: "y", stroke: look.colour, strokeWidth: 2,
      strokeDasharray: look.dash, strokeLinejoin: "round", curve, clip, className }),
    markers(look, inside ? marked.filter(inside) : marked, className),
  ];
}

// Hollow markers are predictions.
export function markers({ colour, symbol, hollow }, points, className) {
  return dot(points, { x: "x", y: "y", symbol, className, ...(hollow
    ? { fill: "var(--surface)", stroke: colour, strokeWidth: 1.6, r: 3.4 }
    : { fill: colour, stroke: "var(--surface)", strokeWidth: 0.8, r: 3.6 }) });
}
