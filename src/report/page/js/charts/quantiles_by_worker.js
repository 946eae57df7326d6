// Quantile against quantile for each worker, in units of the worker's median: all on one scale.
import { dot, line, text } from "@observablehq/plot";
import { axis_scale } from "../axis_scale.js";
import { figure } from "../figure.js";
import { number } from "../format.js";
import { panels } from "../panels.js";
import { base_plot, tooltip } from "../theme.js";
import { quantile_pairs } from "./quantiles.js";

const most_panels = 24;

export function quantiles_by_worker({ workers }) {
  const usable = workers.filter(({ fit }) => quantile_pairs(fit).length > 1);
  if (workers.length < 2 || usable.length === 0) return null;
  const shown = chosen(usable);
  const pairs = shown.flatMap((worker, i) => {
    const own = quantile_pairs(worker.fit);
    const unit = own[Math.floor(own.length / 2)].job;
    return own.map((pair) => ({ worker, i, law: pair.law / unit, job: pair.job / unit }));
  });

  const draw = (width) => {
    const grid = panels(shown.length, width, 150);
    const scale = axis_scale(pairs.flatMap((pair) => [pair.law, pair.job]), 0, grid.width);
    const at = { fx: (one) => grid.column(one.i), fy: (one) => grid.row(one.i) };
    const corners = shown.flatMap((worker, i) => scale.domain.map((end) => ({ i, end })));
    return base_plot(width, {
      ...grid.frame,
      x: { ...scale.options, label: "Time by the law, in medians \u2192", grid: true },
      y: { ...scale.options, label: "\u2191 Measured, in medians", grid: true },
      marks: [
        line(corners, { x: "end", y: "end", z: "i", ...at, stroke: "currentColor",
          strokeOpacity: 0.6, strokeDasharray: "3 4" }),
        dot(pairs, { x: "law", y: "job", ...at, r: 2, fill: (pair) => (pair.worker.straggler
          ? "var(--lost)" : "var(--compute)"), fillOpacity: 0.75, className: "data" }),
        text(shown.map((worker, i) => ({ worker, i })), { ...at, frameAnchor: "top-left", dx: 6, dy: 5,
          text: ({ worker }) => `worker ${worker.worker}`, fontWeight: 600, stroke: "var(--surface)",
          strokeWidth: 4, fill: ({ worker }) => (worker.straggler ? "var(--lost)" : "currentColor") }),
        tooltip(pairs, { x: "law", y: "job", ...at, maxRadius: 40, title: (pair) =>
          `worker ${pair.worker.worker}\nby the law ${number(pair.law)} medians\nmeasured ${
            number(pair.job)}` }),
      ],
    });
  };

  return figure({
    id: "quantiles-by-worker",
    shape: "wide",
    title: "Quantiles, worker by worker",
    summary: `Each worker beside its own best law; times in units of the worker's median.${
      shown.some((worker) => worker.straggler) ? " Stragglers in orange." : ""}${
      shown.length < workers.length ? ` ${shown.length} of ${workers.length} workers.` : ""}`,
    draw,
    rows: () => [["Worker", "Law", "KS distance"], shown.map(({ worker, fit }) => [`${worker}`,
      fit.laws[0]?.law ?? "\u2013", number(fit.laws[0]?.ks)])],
  });
}

// All stragglers first, then evenly spread ones; drawn in the order of their numbers.
function chosen(workers) {
  const slow = workers.filter((worker) => worker.straggler).slice(0, most_panels);
  const rest = workers.filter((worker) => !slow.includes(worker));
  const room = Math.min(rest.length, most_panels - slow.length);
  const spread = Array.from({ length: room }, (_, i) => rest[Math.floor((i * rest.length) / room)]);
  return [...slow, ...spread].sort((a, b) => a.worker - b.worker);
}
