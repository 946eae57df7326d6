// Time to the target, one row per policy: every seed as a marker, mean and standard error as a bar.
import { dot, ruleX, ruleY, text, tickX } from "@observablehq/plot";
import { clock } from "../clock.js";
import { figure } from "../figure.js";
import { number, with_error } from "../format.js";
import { unfinished } from "../interrupted.js";
import { base_plot, label_margin, narrow, tooltip } from "../theme.js";

export function finish({ ranked, race, setting }) {
  const seeds = ranked.flatMap((policy) => policy.time_to_target.per_seed.map((time, i) =>
    ({ policy, time, seed: race.seeds[i] ?? i + 1 }))).filter((run) => run.time !== null);
  if (seeds.length === 0) return null;
  const reached = ranked.filter((policy) => policy.time_to_target.reached > 0);
  const missed = ranked.filter((policy) => policy.time_to_target.reached
    < policy.time_to_target.runs);

  const draw = (width) => base_plot(width, {
    height: 34 * ranked.length + 48,
    marginLeft: label_margin(ranked),
    marginRight: missed.length > 0 ? 100 : 16,
    marginTop: 8,
    marginBottom: 40,
    x: { domain: [0, 1.06 * Math.max(...seeds.map((run) => run.time))], grid: true,
      label: narrow(width) ? "Time to target \u2192" : clock(race).to_target },
    y: { domain: ranked.map((policy) => policy.short), label: null, tickSize: 0, padding: 0.3 },
    marks: [
      ruleX([0]),
      ...reached.map((policy) => marks_of(policy, seeds)),
      text(missed, { y: (policy) => policy.short, frameAnchor: "right", textAnchor: "start", dx: 8,
        fill: "var(--muted)", text: (policy) => shortfall(policy, { race, setting }) }),
      tooltip(seeds, { x: "time", y: (run) => run.policy.short, maxRadius: 30, title: (run) =>
        `${run.policy.name}\nseed ${run.seed}: ${number(run.time, 4)}` }),
    ],
  });

  const first = ranked[0].time_to_target;
  return figure({
    id: "finish",
    shape: "wide",
    title: "Who reaches the target first",
    summary: race.seeds.length > 1
      ? `Each marker is one seed; the bar is the mean, its whisker one standard error. `
        + `Shortest mean: ${ranked[0].short}, ${with_error(first.mean, first.stderr)}.`
      : `One run of each policy. The fastest: ${ranked[0].short}, ${number(first.mean)}.`,
    draw,
    rows: () => [["Policy", ...race.seeds.map((seed) => `Seed ${seed}`)],
      ranked.map((policy) => [policy.name,
        ...policy.time_to_target.per_seed.map((time) => number(time, 4))])],
  });
}

function shortfall(policy, view) {
  const { reached, runs } = policy.time_to_target;
  if (reached > 0) return `reached ${reached} of ${runs}`;
  return unfinished(policy, view) ? "not yet" : "missed";
}

function marks_of(policy, seeds) {
  const { mean, stderr } = policy.time_to_target;
  const own = seeds.filter((run) => run.policy === policy);
  const series = `data series p-${policy.order}`;
  const row = () => policy.short;
  return [
    dot(own, { x: "time", y: row, stroke: policy.colour, symbol: policy.symbol, r: 4,
      strokeWidth: 1.4, fill: policy.colour, fillOpacity: 0.25, className: series }),
    mean === null ? null : ruleY([policy], { y: row, x1: mean - (stderr ?? 0),
      x2: mean + (stderr ?? 0), stroke: policy.colour, strokeWidth: 2, className: series }),
    mean === null ? null : tickX([policy], { y: row, x: mean, stroke: policy.colour,
      strokeWidth: 3, className: series }),
  ];
}
