// The table of a plan's candidates, best first.
import { h, swatch } from "./dom.js";
import { number, percent } from "./format.js";
import { family_look } from "./policies.js";
import { is_choice, is_modelled, known, step_sizes } from "./predictions.js";

const shown_first = 15;

export function candidates(plan) {
  const modelled = is_modelled(plan);
  const timed = plan.candidates.some((one) => known(one.time?.value));
  const budget = !timed && plan.candidates.some((one) => one.loss_at_budget > 0);
  const columns = [
    ["Policy", "", (one) => [swatch(family_look(one.policy)), h("span", null, one.policy)]],
    ...(step_sizes(plan).length > 1 ? [["Step size", "", (one) => number(one.step_size)]] : []),
    ...(timed ? [["Time to target", "interval", (one) => with_interval(one)],
      ["Speed-up", "against sync", (one) => (known(one.speedup_vs_sync)
        ? `${one.speedup_vs_sync.toFixed(2)}\u00d7` : "\u2013")]] : []),
    ...(budget ? [["Loss", `at time ${number(plan.target.time)}`, (one) => (one.stable
      ? number(one.loss_at_budget, 4) : "diverges")]] : []),
    ["Per update", "time", ({ runtime_per_update: time }) => (time.value > 0 ? number(time.value, 4)
      : "\u2013")],
    ...(modelled ? [["Error floor", "loss", (one) => (one.error_floor > 0
      ? number(one.error_floor, 4) : "\u2013")],
    ["Updates", "to the goal", (one) => (one.updates > 0 ? number(one.updates) : "\u2013")]] : []),
    ["Staleness", "mean", (one) => number(one.staleness)],
    ...(plan.candidates.some((one) => one.simulated) ? [["Wasted", "idle or cancelled", (one) => (one.simulated
      ? percent(one.idle_fraction + one.cancelled_time_fraction, 0) : "\u2013")]] : []),
    ["Link", "busy", (one) => percent(one.link_load, 0)],
    ...(modelled ? [["From", "", (one) => (one.simulated ? "simulation" : "theory")]] : []),
  ];
  const row = (one) => h("tr", { class: is_choice(plan, one) ? "winner" : null },
    columns.map(([, , cell], i) => h(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : null,
      cell(one))));
  const grid = (list, label) => h("div", { class: "scroll", tabindex: 0, role: "region",
    "aria-label": label }, h("table", { class: "league" },
    h("thead", null, h("tr", null, columns.map(([name, detail]) => h("th", { scope: "col" }, name,
      detail ? h("small", null, detail) : null)))),
    h("tbody", null, list.map(row))));
  const rest = plan.candidates.slice(shown_first);
  return h("section", { id: "candidates" },
    h("h2", null, "The candidates", timed || budget
      ? h("small", null, plan.simulated ? "best first, simulated ones before the others" : "best first")
      : null),
    grid(plan.candidates.slice(0, shown_first), "Candidates"),
    rest.length > 0 ? h("details", null, h("summary", null, `${rest.length} more`),
      grid(rest, "More candidates")) : null);
}

function with_interval(one) {
  if (!one.stable) return "diverges";
  if (!known(one.time?.value)) return "not reached";
  const { value, lower, upper } = one.time;
  return known(lower) && known(upper) && lower < upper
    ? `${number(value, 4)} (${number(lower, 4)} to ${number(upper, 4)})` : number(value, 4);
}
