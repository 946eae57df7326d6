// How to get these figures again: the command, the configuration, and how step sizes were tuned.
import { command_line } from "./command.js";
import { h, table } from "./dom.js";
import { number } from "./format.js";

export function reproduce(race) {
  return h("section", { id: "reproduce" },
    h("h2", null, "Reproduce it"),
    h("p", null, `This command gives the same figures again, bit for bit (Syncline ${
      race.version}):`),
    command_line(race.command),
    tuning(race),
    h("details", { id: "configuration" }, h("summary", null, "Resolved configuration"),
      h("div", { class: "scroll" }, table(["Key", "Value"], flatten(race.config, ""),
        { class: "keys" }))));
}

function flatten(value, path) {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten(inner, path ? `${path}.${key}` : key));
  }
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}

function tuning(race) {
  return race.settings.filter((setting) => setting.tuning).map(({ tuning: { seeds, results } }) => {
    const sizes = [...new Set(results.map((result) => result.step_size))].sort((a, b) => a - b);
    const names = [...new Set(results.map((result) => result.policy))];
    const cell = (policy, size) => {
      const result = results.find((one) => one.policy === policy && one.step_size === size);
      if (!result) return "";
      return result.time_to_target === null ? "missed" : number(result.time_to_target);
    };
    return h("details", { id: "tuning" }, h("summary", null, "How the step sizes were tuned"),
      h("p", { class: "note" }, `Mean time to target by step size, on seeds of their own (${
        seeds.join(", ")}); the fastest is raced.`),
      h("div", { class: "scroll" }, table(["Policy", ...sizes.map((size) => number(size))],
        names.map((name) => [name, ...sizes.map((size) => cell(name, size))]))));
  });
}
