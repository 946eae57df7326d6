// What a plan had predicted, beside what the race measured.
import { compared_curves } from "./charts/compared_curves.js";
import { compared_floors } from "./charts/compared_floors.js";
import { diagonal } from "./charts/diagonal.js";
import { h } from "./dom.js";
import { number } from "./format.js";
import { measured_time, measured_update } from "./measurements.js";
import { known, prediction_of } from "./predictions.js";

export function comparison({ race: { plan }, visible }) {
  const pairs = visible.map((policy) => ({ policy, candidate: prediction_of(plan, policy) }));
  const both = pairs.filter(({ candidate }) => candidate);
  const lacking = pairs.filter(({ candidate }) => !candidate).map(({ policy }) => policy);
  const figures = [
    diagonal(both, { id: "compared-times", title: "Time to the target",
      what: "time to the target", predicted: ({ time }) => time, measured: measured_time }),
    diagonal(both, { id: "compared-updates", title: "Time per update", what: "time per update",
      predicted: ({ runtime_per_update: time }) => time, measured: measured_update }),
    compared_floors(plan, both),
    compared_curves(both),
  ].filter(Boolean);
  const section = h("section", { id: "comparison" }, h("h2", null, "Predicted and measured"),
    lacking.length > 0 ? h("p", { class: "note" }, `The plan says nothing of ${lacking.map((policy) =>
      `${policy.name}${known(policy.step_size) ? ` at step size ${number(policy.step_size)}` : ""}`)
      .join(", ")}.`) : null,
    figures.length > 0 ? h("div", { class: "figures" }, figures.map(({ frame }) => frame))
      : h("p", null, "Of none of these policies there is a prediction at its step size."));
  return { section, figures };
}
