// The scale of an axis where the data say which one is sensible, and the pixel of each value, which
// labels need before the chart is drawn.
import { extent, scaleLinear, scaleLog } from "d3";
import { number } from "./format.js";
import { log_ticks } from "./theme.js";

// Logarithmic where the largest value is three times the smallest or more.
export function axis_scale(values, from, to, { origin = false } = {}) {
  const [low, high] = extent(values);
  const log = low > 0 && high >= 3 * low && !origin;
  const pad = log ? (high / low) ** 0.06 : 0.06 * (high - low || Math.abs(high) || 1);
  const domain = log ? [low / pad, high * pad] : [origin ? 0 : low - pad, high + pad];
  const scale = (log ? scaleLog() : scaleLinear()).domain(domain).range([from, to]);
  const room = Math.abs(to - from);
  return {
    domain, log,
    at: (value) => scale(value),
    options: { type: log ? "log" : "linear", domain, tickFormat: (value) => number(value),
      ticks: log ? thin(labelled(scale, log_ticks(domain)), room)
        : Math.max(3, Math.floor(room / 70)) },
  };
}

// On long logarithmic axes d3 leaves labels out: a tick without one says nothing.
function labelled(scale, ticks) {
  const text = scale.tickFormat(null, (value) => number(value));
  return ticks.filter((tick) => text(tick) !== "");
}

// Log ticks crowd on a narrow axis: every second one goes until they fit.
function thin(ticks, room) {
  let kept = ticks;
  while (kept.length > 2 && room / kept.length < 34) kept = kept.filter((_, i) => i % 2 === 0);
  return kept;
}
