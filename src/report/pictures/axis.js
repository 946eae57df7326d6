// The axes of curves: what the spec leaves open follows from the data.
import { extent, ticks } from "d3";
import { scale_over } from "../page/js/axis_scale.js";
import { compact, percent_tick } from "../page/js/format.js";
import { log_ticks } from "../page/js/theme.js";
import { text_width } from "./text.js";

const format_of = ({ percent }) => (percent ? percent_tick : compact);

export function domain_of({ scale, domain }, values) {
  if (domain) return domain;
  const [low, high] = extent(values);
  if (scale === "log") {
    const pad = low === high ? 1.2 : (high / low) ** 0.04;
    return [low / pad, high * pad];
  }
  const pad = 0.04 * (high - low || Math.abs(high) || 1);
  // From zero, unless all that is to be seen would be a thin strip far from it.
  return [low >= 0 && low <= high / 2 ? 0 : low - pad, high + pad];
}

// The width of the widest label that the axis may have.
export function label_width(axis, domain) {
  const marks = axis.scale === "log" ? log_ticks(domain) : ticks(...domain, 5);
  return Math.max(...marks.map((tick) => text_width(format_of(axis)(tick))));
}

// `down`: a vertical axis, whose labels need height instead of width. Powers of two, as numbers of workers
// often are, have ticks at powers of two.
export function axis_over(axis, domain, from, to, { down = false, values } = {}) {
  const base = values.every((value) => Number.isInteger(Math.log2(value))) ? 2 : 10;
  const least = down ? 20 : Math.max(34, label_width(axis, domain) + 12);
  return scale_over(domain, axis.scale === "log", from, to, { format: format_of(axis), least, base });
}
