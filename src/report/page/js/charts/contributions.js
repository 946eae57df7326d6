// Whose gradients were used: policies by workers, darker where a worker contributed more.
import { cell, text } from "@observablehq/plot";
import { max, sum } from "d3";
import { figure } from "../figure.js";
import { percent } from "../format.js";
import { base_plot, label_margin, tooltip } from "../theme.js";

const most_columns = 40;

export function contributions({ visible }) {
  const seen = visible.filter((policy) => sum(policy.contributions) > 0);
  if (seen.length === 0) return null;
  const workers = max(seen, (policy) => policy.contributions.length);
  const group = Math.ceil(workers / most_columns);
  const columns = Array.from({ length: Math.ceil(workers / group) }, (_, i) => i);
  const name = (column) => (group === 1 ? `worker ${column}`
    : `workers ${column * group} to ${Math.min(workers, (column + 1) * group) - 1}`);
  const cells = seen.flatMap((policy) => columns.map((column) => ({ policy, column,
    share: sum(policy.contributions.slice(column * group, (column + 1) * group))
      / sum(policy.contributions) })));
  const highest = max(cells, (one) => one.share);
  const strength = (one) => 0.06 + 0.94 * (one.share / highest);
  const uneven = max(seen, (policy) => max(policy.contributions) / sum(policy.contributions));

  const draw = (width) => {
    const left = label_margin(seen);
    const label = (width - left) / columns.length > 30;
    return base_plot(width, {
      height: 32 * seen.length + 44,
      marginLeft: left, marginRight: 4, marginTop: 4, marginBottom: 40,
      x: { domain: columns, label: "Worker", tickSize: 0, labelArrow: "none",
        tickFormat: (column) => (column % Math.ceil(columns.length / 12) === 0
          ? `${column * group}` : "") },
      y: { domain: seen.map((policy) => policy.short), label: null, tickSize: 0 },
      opacity: { type: "identity" },
      marks: [
        cell(cells, { x: "column", y: (one) => one.policy.short, fill: "var(--compute)",
          fillOpacity: strength, inset: 1, rx: 3, className: "data" }),
        label ? text(cells, { x: "column", y: (one) => one.policy.short,
          text: (one) => (100 * one.share).toFixed(width / columns.length > 60 ? 1 : 0),
          fill: (one) => (strength(one) > 0.55 ? "var(--on-compute)" : "var(--text)"),
          fontSize: 11 }) : null,
        tooltip(cells, { x: "column", y: (one) => one.policy.short, title: (one) =>
          `${one.policy.name}\n${name(one.column)}: ${percent(one.share, 2)}` }),
      ],
    });
  };

  return figure({
    id: "contributions",
    title: "Whose gradients were used",
    summary: `Percent of the applied gradients by worker. Even rows use all data alike; the largest `
      + `share of one worker is ${percent(uneven)}, an even one would be ${percent(1 / workers)}.`,
    draw,
    rows: () => [["Policy", ...columns.map(name)], seen.map((policy) => [policy.name,
      ...cells.filter((one) => one.policy === policy).map((one) => percent(one.share, 2))])],
  });
}
