// The page of a plan: what to run and why, the trade-off, the predictions, and the fleet's laws.
import { candidates } from "./candidates.js";
import { predicted_curves } from "./charts/predicted_curves.js";
import { predicted_times } from "./charts/predicted_times.js";
import { trade_off } from "./charts/trade_off.js";
import { command_line } from "./command.js";
import { h, table } from "./dom.js";
import { fitted_laws } from "./fitted_laws.js";
import { bytes, number, percent, plural } from "./format.js";
import { known } from "./predictions.js";

export function show_plan(plan) {
  document.title = `${plan.recommendation.policy ?? "plan"} \u2013 Syncline plan`;
  const figures = [trade_off(plan), predicted_times(plan), predicted_curves(plan)].filter(Boolean);
  const laws = plan.fleet.fit ? fitted_laws(plan.fleet.fit) : null;
  document.getElementById("page").replaceChildren(header(plan),
    figures.length > 0 ? h("section", { id: "charts" }, h("h2", null, "What is predicted"),
      h("div", { class: "figures" }, figures.map(({ frame }) => frame))) : "",
    candidates(plan), what_if(plan.what_if), laws ? laws.section : "", source(plan));
  for (const { redraw } of [...figures, ...laws?.figures ?? []]) redraw();
}

function header(plan) {
  const { target, fleet, workload, recommendation: choice } = plan;
  const facts = [
    target.value === null ? null : h("strong", null, `Target: ${words(target.metric)} ${
      target.metric === "test_error" ? percent(target.value) : number(target.value, 4)}`),
    target.time === null ? null : `time budget ${number(target.time)}`,
    plural(fleet.workers, "worker"),
    plan.candidates.some((one) => one.simulated) ? "theory and simulation" : "theory alone",
    known(workload.noise_scale) ? `noise scale ${number(workload.noise_scale)}` : null,
    known(workload.message_bytes) ? `${bytes(workload.message_bytes)} a push` : null,
  ].filter(Boolean);
  return h("header", null,
    h("p", { class: "eyebrow" }, "Syncline plan"),
    h("h1", null, choice.policy ?? "No recommendation yet"),
    h("ul", { class: "facts" }, facts.map((fact) => h("li", null, fact))),
    plan.interrupted ? h("p", { class: "notice" },
      "Interrupted: candidates that were not simulated are judged by theory alone.") : null,
    plan.thinned ? h("p", { class: "notice" }, "Thinned to fit one page: curves show fewer points.")
      : null,
    h("div", { class: "verdicts" }, h("div", { class: "verdict", "aria-pressed": "true" },
      known(choice.step_size) ? h("span", { class: "setting" },
        `step size ${number(choice.step_size)}${expected(choice.time)}`) : null,
      h("span", { class: "why" }, choice.reason),
      choice.command ? command_line(choice.command) : null),
    ...plan.hints.map((hint) => h("div", { class: "verdict" },
      h("span", { class: "setting" }, "About the fleet"), h("span", { class: "why" }, hint)))));
}

const words = (metric) => metric.replaceAll("_", " ");

const expected = (time) => (time && known(time.value) ? `, expected to take ${
  number(time.value, 4)}${known(time.lower) && known(time.upper)
  ? ` (${number(time.lower, 4)} to ${number(time.upper, 4)})` : ""}` : "");

function what_if(replays) {
  if (replays.length === 0) return "";
  return h("section", { id: "what-if" }, h("h2", null, "What if"),
    h("p", null, "The recorded times, replayed under other policies until as many gradients were "
      + "applied as the record holds. Jobs beyond the record draw new times from the fitted laws."),
    h("div", { class: "scroll" }, table(["Policy", "Time", "Updates", "Per update", "Staleness",
      "Idle", "Cancelled", "From the record"], replays.map((one) => [one.policy,
      number(one.time, 4), number(one.updates), number(one.time_per_update, 4), number(one.staleness),
      percent(one.idle_fraction), percent(one.cancelled_time_fraction),
      percent(one.recorded_share)]))));
}

function source({ fleet, workload, adasync, version, command }) {
  const rows = [
    ["Fleet", `${fleet.delay}${fleet.source ? ` \u2013 ${fleet.source}` : ""}`],
    ...fleet.notes.map((note) => ["", note]),
    ["Workload", workload.source || "not known"],
    ...(known(workload.target_loss)
      ? [["Target as a loss of the model", number(workload.target_loss, 4)]] : []),
    ...(known(workload.floor) ? [["Least loss of the model", number(workload.floor, 4)]] : []),
    ...workload.notes.map((note) => ["", note]),
    ...(adasync ? [["Adaptive, to be compared", adasync]] : []),
    ["Version", version],
  ];
  return h("section", { id: "source" }, h("h2", null, "What this rests on"),
    h("div", { class: "scroll" }, table(["", ""], rows, { class: "keys plain" })),
    command ? command_line(command) : null);
}
