// The page of a fit: what was found about the workers, and the laws behind it.
import { command_line } from "./command.js";
import { h } from "./dom.js";
import { fitted_laws } from "./fitted_laws.js";
import { number, percent, plural } from "./format.js";

export function show_fit(fit) {
  document.title = `${fit.title ?? "fit"} \u2013 Syncline fit`;
  const laws = fitted_laws(fit);
  document.getElementById("page").replaceChildren(header(fit), laws.section, source(fit));
  for (const { redraw } of laws.figures) redraw();
}

function header(fit) {
  const { jobs, censored } = fit.pooled;
  const slow = fit.workers.filter(({ straggler }) => straggler);
  const facts = [
    plural(fit.workers.length, "worker"),
    plural(jobs, "job"),
    censored > 0 ? `${percent(censored / jobs, 0)} of them cancelled` : null,
    fit.workers.length < 2 ? null : fit.alike ? "workers alike" : `workers differ, ${
      plural(fit.groups.length, "group")}`,
    fit.tail ? `tail index ${number(fit.tail.value)} (${number(fit.tail.lower)} to ${
      number(fit.tail.upper)})` : null,
  ].filter(Boolean);
  return h("header", null,
    h("p", { class: "eyebrow" }, "Syncline fit"),
    h("h1", null, title_of(fit, slow)),
    h("ul", { class: "facts" }, facts.map((fact) => h("li", null, fact))),
    fit.thinned ? h("p", { class: "notice" },
      "Thinned to fit one page: pictures show fewer points, workers their best law only.") : null,
    ...fit.warnings.map((warning) => h("p", { class: "notice" }, warning)),
    h("ul", { class: "findings" }, fit.findings.map((finding) => h("li", null, finding))),
    h("p", { class: "setting" }, "The fleet, for --delay:"), command_line(fit.profile),
    fit.slow_states ? h("p", { class: "setting" }, "With slow states, for --slowness:") : null,
    fit.slow_states ? command_line(fit.slow_states.slowness) : null);
}

function title_of(fit, slow) {
  const [law] = fit.pooled.laws;
  if (fit.workers.length === 1 && law) return `One worker: ${law.law.split("(")[0]}`;
  if (slow.length === 1) return `Worker ${slow[0].worker} is a straggler`;
  if (slow.length > 1) return `${slow.length} of ${fit.workers.length} workers are stragglers`;
  return fit.alike ? "One law for all workers" : "The workers differ";
}

function source(fit) {
  return fit.command ? h("section", { id: "reproduce" }, h("h2", null, "Reproduce it"),
    command_line(fit.command)) : "";
}
