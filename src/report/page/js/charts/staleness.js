// Staleness of the gradients applied: a small histogram per policy, all on one axis.
import { rectY, ruleY, text } from "@observablehq/plot";
import { max, sum } from "d3";
import { figure } from "../figure.js";
import { number, percent } from "../format.js";
import { base_plot, tooltip } from "../theme.js";

const most_bins = 48;

export function staleness({ visible }) {
  const seen = visible.filter((policy) => sum(policy.staleness_histogram) > 0);
  if (seen.length === 0) return null;
  const last = max(seen, (policy) => reach(policy.staleness_histogram));
  const width_of_bin = Math.ceil((last + 1) / most_bins);
  const bars = seen.flatMap((policy) => bins(policy, last, width_of_bin));
  const title = (bar) => `${bar.policy.name}\nstaleness ${width_of_bin === 1 ? bar.from
    : `${bar.from} to ${bar.to - 1}`}: ${percent(bar.share)}`;
  const sorted = [...seen].sort((a, b) => a.staleness_mean - b.staleness_mean);
  const [least, most] = [sorted[0], sorted.at(-1)];

  const draw = (width) => base_plot(width, {
    height: 58 * seen.length + 44,
    marginLeft: 14, marginRight: 14, marginTop: 4, marginBottom: 40,
    x: { domain: [-0.5, last + 0.5], label: "Staleness (updates between read and use) \u2192",
      ticks: Math.min(last + 1, 9), tickFormat: (x) => (Number.isInteger(x) ? `${x}` : "") },
    y: { domain: [0, 1], axis: null },
    fy: { domain: seen.map((policy) => policy.order), axis: null, padding: 0.05 },
    marks: [
      seen.map((policy) => rectY(bars.filter((bar) => bar.policy === policy), {
        x1: (bar) => bar.from - 0.5, x2: (bar) => bar.to - 0.5, y: (bar) => 0.6 * bar.height,
        fy: () => policy.order, fill: policy.colour, fillOpacity: 0.85, insetLeft: 0.5,
        insetRight: 0.5, className: `data series p-${policy.order}` })),
      ruleY(seen, { y: 0, fy: "order", stroke: "var(--line)" }),
      text(seen, { fy: "order", frameAnchor: "top-left", dy: 6, textAnchor: "start",
        text: (policy) => `${policy.short}   mean ${number(policy.staleness_mean)}, largest ${
          policy.staleness_histogram.findLastIndex((count) => count > 0)}`,
        fontWeight: 600, fill: "currentColor" }),
      text(bars.filter((bar) => bar.height === 1), { x: (bar) => (bar.from + bar.to - 1) / 2, y: 0.6,
        fy: (bar) => bar.policy.order, text: (bar) => percent(bar.share, 0), dy: -6,
        dx: (bar) => (bar.from === 0 && last > 6 ? 8 : 0), fill: "var(--muted)", fontSize: 11,
        filter: (bar) => bar.from > last / 3 }),
      tooltip(bars, { x: (bar) => (bar.from + bar.to - 1) / 2, y: (bar) => 0.6 * bar.height,
        fy: (bar) => bar.policy.order, maxRadius: 60, title }),
    ],
  });

  return figure({
    id: "staleness",
    shape: "tall",
    title: "How stale the gradients were",
    summary: `Share of applied gradients by staleness; each row is scaled to its own tallest bar. `
      + (seen.length === 1 ? "" : `Mean from ${number(least.staleness_mean)} (${least.short}) to ${
        number(most.staleness_mean)} (${most.short}).`),
    draw,
    rows: () => [["Policy", "Staleness", "Share"], bars.filter((bar) => bar.share > 0).map((bar) =>
      [bar.policy.name, width_of_bin === 1 ? `${bar.from}` : `${bar.from} to ${bar.to - 1}`,
        percent(bar.share, 2)])],
  });
}

// The axis ends where all but a fiftieth of each policy's gradients have been counted: a few very
// late ones would squeeze all others into the corner. Short histograms are shown whole.
function reach(histogram) {
  if (histogram.length <= 24) return histogram.length - 1;
  const enough = 0.98 * sum(histogram);
  let seen = 0;
  return Math.max(0, histogram.findIndex((count) => (seen += count) >= enough));
}

function bins(policy, last, width) {
  const total = sum(policy.staleness_histogram);
  const list = [];
  for (let from = 0; from <= last; from += width) {
    const count = sum(policy.staleness_histogram.slice(from, from + width));
    list.push({ policy, from, to: from + width, share: count / total });
  }
  const highest = max(list, (bar) => bar.share);
  return list.map((bar) => ({ ...bar, height: bar.share / highest }));
}
