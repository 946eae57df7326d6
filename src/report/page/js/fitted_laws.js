// The laws that a fleet's times were fitted to: how well they fit, in pictures and as a table.
import { quantiles } from "./charts/quantiles.js";
import { quantiles_by_worker } from "./charts/quantiles_by_worker.js";
import { survival } from "./charts/survival.js";
import { worker_speeds } from "./charts/worker_speeds.js";
import { h, table } from "./dom.js";
import { number } from "./format.js";

const most_rows = 24;

export function fitted_laws(fit) {
  const figures = [worker_speeds(fit), quantiles(fit), survival(fit), quantiles_by_worker(fit)]
    .filter(Boolean);
  const section = h("section", { id: "laws" }, h("h2", null, "Fitted laws"),
    figures.length > 0 ? h("div", { class: "figures" }, figures.map(({ frame }) => frame)) : null,
    h("h3", { class: "apart" }, "The best law of each worker"),
    ...worker_tables(fit.workers),
    fit.pooled.laws.length > 0 ? h("details", null,
      h("summary", null, "All laws that were tried, all workers together"),
      scroll(table(["Law", "AIC", "BIC", "BIC above the best", "KS distance"],
        fit.pooled.laws.map((law) => [law.law, number(law.aic, 5), number(law.bic, 5),
          number(law.bic - fit.pooled.laws[0].bic, 3), number(law.ks)])))) : null);
  return { section, figures };
}

// Of many workers the stragglers come first, and most of the others are left to who wants to see them.
function worker_tables(workers) {
  const order = workers.length <= most_rows ? workers
    : [...workers].sort((a, b) => b.straggler - a.straggler);
  const rows = (list) => scroll(table(worker_columns, list.map(worker_row), { class: "laws" }));
  const rest = order.slice(most_rows);
  return [rows(order.slice(0, most_rows)), rest.length > 0 ? h("details", null,
    h("summary", null, `${rest.length} more workers`), rows(rest)) : null];
}

const scroll = (content) => h("div", { class: "scroll", tabindex: 0, role: "region",
  "aria-label": "Fitted laws" }, content);

const worker_columns = ["Worker", "Behaviour", "Slowdown", "Jobs", "Cancelled", "Law", "KS distance",
  "BIC", "Parameters with 95 % intervals"];

function worker_row({ worker, behaviour, straggler, slowdown, fit }) {
  const [law] = fit.laws;
  return [`${worker}`, straggler ? h("strong", null, `straggler: ${behaviour}`) : behaviour,
    slowdown === null ? "no job done" : `${number(slowdown)}\u00d7`, number(fit.jobs),
    number(fit.censored), law ? law.law.split("(")[0] : fit.refusal ?? "\u2013",
    law ? number(law.ks) : "", law ? number(law.bic, 5) : "", law ? parameters(law) : ""];
}

const parameters = (law) => Object.entries(law.parameters).map(([name, one]) =>
  h("span", { class: "whole" }, `${name} ${number(one.value, 4)} (${number(one.lower)} to ${
    number(one.upper)})`)).flatMap((one, i) => (i === 0 ? [one] : [", ", one]));
