// How slow each worker is against the fleet's median; stragglers by name.
import { dot, ruleX, ruleY, text } from "@observablehq/plot";
import { figure } from "../figure.js";
import { number, plural } from "../format.js";
import { known } from "../predictions.js";
import { base_plot, tooltip } from "../theme.js";

export function worker_speeds({ workers }) {
  const seen = workers.filter(({ slowdown }) => known(slowdown));
  if (workers.length < 2 || seen.length === 0) return null;
  const slow = seen.filter(({ straggler }) => straggler);
  const never = workers.filter(({ slowdown }) => !known(slowdown));
  const highest = Math.max(1.2, ...seen.map(({ slowdown }) => slowdown));
  const last = Math.max(...workers.map(({ worker }) => worker));

  const draw = (width) => {
    const named = slow.length > 0 && slow.length <= 12;
    return base_plot(width, {
      height: 280, marginLeft: 46, marginRight: 18, marginTop: 28, marginBottom: 40,
      x: { domain: [-0.7, last + 0.7], label: "Worker \u2192",
        ticks: Math.min(last + 1, Math.floor(width / 40)),
        tickFormat: (worker) => (Number.isInteger(worker) ? `${worker}` : "") },
      y: { domain: [0, 1.12 * highest], grid: true, label: "\u2191 Median time / median of the fleet",
        tickFormat: (slowdown) => `${number(slowdown)}\u00d7` },
      marks: [
        ruleY([1], { stroke: "currentColor", strokeOpacity: 0.75, strokeDasharray: "3 4" }),
        seen.length <= 80 ? ruleX(seen, { x: "worker", y1: 0, y2: "slowdown", stroke: colour,
          strokeWidth: 2, strokeOpacity: 0.45, className: "data" }) : null,
        dot(seen, { x: "worker", y: "slowdown", r: 4.4, fill: colour, symbol: (one) =>
          (one.straggler ? "diamond" : "circle"), stroke: "var(--surface)", strokeWidth: 0.8,
          className: "data" }),
        named ? text(slow, { x: "worker", y: "slowdown", dy: -12,
          text: (one) => `worker ${one.worker}`, fill: "var(--lost)", fontWeight: 600,
          stroke: "var(--surface)", strokeWidth: 4 }) : null,
        tooltip(seen, { x: "worker", y: "slowdown", maxRadius: 40, title: (one) =>
          `worker ${one.worker}: ${one.behaviour}\n${number(one.slowdown)} times the fleet's median` }),
      ],
    });
  };

  return figure({
    id: "worker-speeds",
    shape: "wide",
    title: "How fast each worker is",
    summary: `${slow.length === 0 ? "No worker is a straggler."
      : `${plural(slow.length, "straggler")}: ${slow.slice(0, 8).map((one) =>
        `worker ${one.worker} (${number(one.slowdown)}\u00d7, ${one.behaviour})`).join(", ")}${
        slow.length > 8 ? ", \u2026" : ""}.`}${never.length > 0 ? ` ${plural(never.length, "worker")
    } never finished a job.` : ""}`,
    draw,
    rows: () => [["Worker", "Slowdown", "Behaviour", "Straggler"], workers.map((one) =>
      [`${one.worker}`, number(one.slowdown), one.behaviour, one.straggler ? "yes" : "no"])],
  });
}

const colour = (one) => (one.straggler ? "var(--lost)" : "var(--compute)");
