// What all plots share, so that they look like one family.
import { plot, pointer, tip } from "@observablehq/plot";
import { range, ticks } from "d3";

export const narrow = (width) => width < 560;

// Room for the longest name on the left of a chart; 7 pixels a character at 12 px is on the safe side.
export function label_margin(policies) {
  return Math.min(170, 14 + 7 * Math.max(...policies.map((policy) => policy.short.length)));
}

export function base_plot(width, options) {
  return plot({
    width,
    document,
    className: "chart",
    style: "background: none; color: inherit; font-family: inherit; font-size: 12px; overflow: visible",
    ...options,
  });
}

// What the pointer is at, in words: `options` has x, y and title.
export function tooltip(rows, options, point = pointer) {
  return tip(rows, point({ lineHeight: 1.35, stroke: "var(--line)", pathFilter: "none", ...options }));
}

// Error axes span a decade or less: d3's log ticks are too many or too few there. The finest of a
// few even series with at most `most` ticks, all of them legible: a tick without a label says nothing.
// `base`: 10, or 2 for powers of two. `fewest`: where there are less, others are tried.
export function log_ticks([low, high], most = 9,
  { base = 10, legible = () => true, fewest = 2 } = {}) {
  const log = base === 2 ? Math.log2 : Math.log10;
  const powers = range(Math.floor(log(low)), Math.ceil(log(high)) + 1).map((power) => base ** power);
  const series = (base === 2 ? [] : [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3]]).map((steps) =>
    powers.flatMap((power) => steps.map((step) => step * power)));
  const sparse = range(1, 9).map((every) => powers.filter((_, i) => i % every === 0));
  const inside = (tick) => tick >= low * 0.999 && tick <= high * 1.001;
  const fit = [...series, ...sparse].map((list) => list.filter(inside))
    .find((list) => list.length <= most && list.every(legible));
  if (fit?.length >= fewest) return fit;
  const finer = powers.flatMap((power) => range(1, 10).map((step) => step * power)).filter(inside);
  if (finer.length >= fewest && finer.length <= most && finer.every(legible)) return finer;
  // Less than an octave or so has none of these numbers in it.
  const even = ticks(low, high, Math.min(most, 5));
  return fit?.length > 1 && (high > 3 * low || fit.length >= even.length) ? fit : even;
}

// Moves labels apart: each wants its y, none may be closer to the next than `gap` pixels, or than the
// gap of its own if that is more.
export function spread(labels, gap, top, bottom) {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const between = (i) => Math.max(gap, sorted[i].gap ?? 0, sorted[i + 1].gap ?? 0);
  for (let i = 0; i < sorted.length; ++i) {
    sorted[i].at = Math.max(sorted[i].y, i === 0 ? top : sorted[i - 1].at + between(i - 1));
  }
  for (let i = sorted.length - 1; i >= 0; --i) {
    const limit = i === sorted.length - 1 ? bottom : sorted[i + 1].at - between(i);
    sorted[i].at = Math.min(sorted[i].at, limit);
  }
  return labels;
}
