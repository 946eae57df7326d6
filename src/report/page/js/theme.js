// What all plots share, so that they look like one family.
import { plot, pointer, tip } from "@observablehq/plot";

export const narrow = (width) => width < 560;

// Room for the longest name on the left of a chart; 7 pixels a character at 12 px is on the safe side.
export function label_margin(policies) {
  return Math.min(170, 14 + 7 * Math.max(...policies.map((policy) => policy.short.length)));
}

export function base_plot(width, options) {
  return plot({
    width,
    className: "chart",
    style: { background: "none", color: "inherit", fontFamily: "inherit", fontSize: "12px",
      overflow: "visible" },
    ...options,
  });
}

// What the pointer is at, in words: `options` has x, y and title.
export function tooltip(rows, options, point = pointer) {
  return tip(rows, point({ lineHeight: 1.35, stroke: "var(--line)", pathFilter: "none", ...options }));
}

// Error axes span a decade or less: d3's log ticks are too many or too few there.
export function log_ticks([low, high]) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); ++power) {
    for (const step of [1, 2, 3, 5, 7]) ticks.push(step * 10 ** power);
  }
  const inside = (list) => list.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
  const fine = inside(ticks);
  const coarse = inside(ticks.filter((tick) => /^1/.test(tick.toExponential())));
  return fine.length > 9 && coarse.length > 2 ? coarse : fine;
}

// Moves labels apart: each wants its y, none may be closer to the next than `gap` pixels.
export function spread(labels, gap, top, bottom) {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  for (let i = 0; i < sorted.length; ++i) {
    sorted[i].at = Math.max(sorted[i].y, i === 0 ? top : sorted[i - 1].at + gap);
  }
  let limit = bottom;
  for (let i = sorted.length - 1; i >= 0; --i) {
    sorted[i].at = Math.min(sorted[i].at, limit);
    limit = sorted[i].at - gap;
  }
  return labels;
}
