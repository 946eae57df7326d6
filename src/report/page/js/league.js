// The league table: one row per policy, fastest first.
import { h, swatch } from "./dom.js";
import { number, percent, speedup, with_error } from "./format.js";
import { seeds_run, unfinished } from "./interrupted.js";

export function league({ ranked, setting, race, metric }) {
  const sync = setting.policies.some((policy) => policy.speedup_vs_sync);
  const several = race.seeds.length > 1;
  const columns = [
    ["Policy", "", (policy) => [swatch(policy), h("span", null, policy.short),
      policy.short === policy.name ? null : h("small", null, policy.name)]],
    ["Time to target", several ? "mean \u00b1 s.e." : "", (policy) => {
      const { time_to_target: time } = policy;
      return time.mean === null ? missed(time, metric, unfinished(policy, { race, setting }))
        : with_error(time.mean, time.stderr);
    }],
    ...(sync ? [["Speed-up", "against sync", (policy) => speedup(policy.speedup_vs_sync)]] : []),
    metric.fraction
      ? ["Final error", "test", ({ final_error: error }) => percent(error.mean, 2)]
      : ["Final loss", "", ({ final_loss: loss }) => number(loss.mean, 4)],
    ["Updates", several ? "mean" : "", (policy) => number(policy.updates, 4)],
    ["Staleness", "mean", (policy) => number(policy.staleness_mean)],
    ["Idle", "of time", (policy) => percent(policy.idle_fraction)],
    ["Cancelled", "of time", (policy) => percent(policy.cancelled_time_fraction)],
    ["Step size", "", (policy) => number(policy.step_size)],
  ];
  return h("section", { id: "league" },
    h("h2", null, race.kind === "race" ? "League table" : "Result"),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "League table" },
      h("table", { class: "league" },
        h("thead", null, h("tr", null, columns.map(([name, detail]) =>
          h("th", { scope: "col" }, name, detail ? h("small", null, detail) : null)))),
        h("tbody", null, ranked.map((policy) =>
          h("tr", { class: policy.name === setting.verdict.winner ? "winner" : null },
            columns.map(([, , cell], i) => h(i === 0 ? "th" : "td",
              i === 0 ? { scope: "row" } : null, cell(policy)))))))),
    notes(setting, race, sync));
}

function missed({ reached, runs }, { target }, not_over) {
  if (target === null) return "\u2013";
  if (reached === 0) return not_over ? "not yet" : "missed";
  return `reached in ${reached} of ${runs}`;
}

function notes(setting, race, sync) {
  const { policies } = setting;
  const diverged = policies.flatMap((policy) => policy.diverged.map(({ seed, update }) =>
    h("p", { class: "note" },
      `${policy.name} diverged with seed ${seed} at update ${number(update, 6)}.`)));
  return [...diverged, h("p", { class: "note" },
    race.seeds.length > 1 ? `Means over ${seeds_run(setting, race)} seeds. ` : "",
    sync ? "The range behind a speed-up is its confidence interval; one that spans 1 "
      + "shows no difference from sync." : "")];
}
