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
  return scale_over(log ? [low / pad, high * pad] : [origin ? 0 : low - pad, high + pad], log, from, to);
}

// `least`: pixels that a tick's label needs along the axis. `base`: of a logarithmic axis, 10 or 2.
export function scale_over(domain, log, from, to, { format = (value) => number(value), least = 34,
  base = 10 } = {}) {
  const scale = (log ? scaleLog().base(base) : scaleLinear()).domain(domain).range([from, to]);
  const room = Math.abs(to - from);
  // On long logarithmic axes d3 leaves labels out.
  const text = log ? scale.tickFormat(null, format) : format;
  return {
    domain, log,
    at: (value) => scale(value),
    options: { type: log ? "log" : "linear", domain, tickFormat: format, ...(log ? { base } : {}),
      ticks: log ? log_ticks(domain, Math.max(2, Math.floor(room / least)),
        { base, legible: (tick) => text(tick) !== "" })
        : Math.max(3, Math.floor(room / (2 * least))) },
  };
}
