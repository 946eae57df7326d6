// The account of gradients: what became of every job that was started.
import { barX, text } from "@observablehq/plot";
import { sum } from "d3";
import { h } from "../dom.js";
import { figure } from "../figure.js";
import { number, percent } from "../format.js";
import { base_plot, label_margin, narrow, tooltip } from "../theme.js";

const fates = [
  { key: "applied", name: "applied", fill: "var(--applied)", on: "var(--on-applied)" },
  { key: "dropped", name: "dropped", fill: "var(--dropped)", on: "var(--on-dropped)" },
  { key: "held", name: "held at the end", fill: "var(--held)", on: "var(--on-held)" },
  { key: "cancelled", name: "cancelled", fill: "url(#hatch)", on: "var(--text)" },
  { key: "in_flight", name: "in flight at the end", fill: "var(--flight)", on: "var(--text)" },
];

export function gradients({ visible }) {
  const parts = visible.flatMap((policy) => {
    const total = sum(fates, (fate) => policy.gradients[fate.key]);
    let from = 0;
    return fates.filter((fate) => policy.gradients[fate.key] > 0).map((fate) => {
      const count = policy.gradients[fate.key];
      const part = { policy, fate, count, share: count / total, from, to: from + count / total };
      from = part.to;
      return part;
    });
  });
  if (parts.length === 0) return null;
  const most = [...visible].sort((a, b) => lost(b) - lost(a))[0];

  const draw = (width) => base_plot(width, {
    height: 32 * visible.length + 44,
    marginLeft: label_margin(visible), marginRight: 16, marginTop: 4, marginBottom: 40,
    x: { domain: [0, 1], label: "Share of all jobs started \u2192", tickFormat: "%",
      ticks: narrow(width) ? 3 : 6 },
    y: { domain: visible.map((policy) => policy.short), label: null, tickSize: 0, padding: 0.22 },
    marks: [
      ...fates.map((fate) => barX(parts.filter((part) => part.fate === fate), { x1: "from",
        x2: "to", y: (part) => part.policy.short, fill: fate.fill, insetRight: 0.5,
        stroke: fate.key === "cancelled" ? "var(--lost)" : "none", className: "data" })),
      text(parts.filter((part) => part.share * width > 90), {
        x: (part) => (part.from + part.to) / 2, y: (part) => part.policy.short,
        text: (part) => percent(part.share, 0), fill: (part) => part.fate.on, fontWeight: 600,
        stroke: (part) => (part.fate.key === "cancelled" ? "var(--surface)" : "none"),
        strokeWidth: 4 }),
      tooltip(parts, { x: (part) => (part.from + part.to) / 2, y: (part) => part.policy.short,
        maxRadius: 120, title: (part) => `${part.policy.name}\n${part.fate.name}: ${
          number(part.count)} (${percent(part.share, 2)})` }),
    ],
  });

  return figure({
    id: "gradients",
    title: "What became of the gradients",
    summary: lost(most) > 0 ? `Only the applied part moved the weights. Most lost: ${most.short}, ${
      percent(lost(most))} of its jobs cancelled or dropped.`
      : "Only the applied part moved the weights. No policy cancelled or dropped any.",
    controls: h("ul", { class: "key" }, fates.map((fate) => h("li", null,
      h("i", { class: `fate ${fate.key}` }), fate.name))),
    draw,
    rows: () => [["Policy", "started", "computed", ...fates.map((fate) => fate.name)],
      visible.map((policy) => [policy.name, number(policy.gradients.started),
        number(policy.gradients.computed),
        ...fates.map((fate) => number(policy.gradients[fate.key]))])],
  });
}

const lost = ({ gradients: { cancelled, dropped, started } }) =>
  (started > 0 ? (cancelled + dropped) / started : 0);
