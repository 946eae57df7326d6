// Title, facts, target, and a verdict per setting. The verdict cards are also the switch between
// the settings.
import { clock, took } from "./clock.js";
import { h } from "./dom.js";
import { number, percent, plural } from "./format.js";

export const setting_names = {
  same: "Same step size for all",
  tuned: "Step size tuned per policy",
  given: "Step size as given",
};

export function header(race, metric, state) {
  const { target, grid } = race;
  const limit = target?.value ?? null;
  const facts = [
    limit === null ? null : h("strong", null, `Target: ${target.metric.replaceAll("_", " ")} ${
      target.metric === "test_error" ? percent(limit) : number(limit)}`),
    plural(race.workers, "worker"),
    race.seeds.length === 1 ? "1 seed" : `${race.seeds.length} seeds`,
    grid?.interval ? clock(race).every(grid.interval) : null,
    took(race),
  ].filter(Boolean);
  return h("header", null,
    h("p", { class: "eyebrow" }, race.kind === "race" ? "Syncline race" : "Syncline run"),
    h("h1", null, race.title),
    h("ul", { class: "facts" }, facts.map((fact) => h("li", null, fact))),
    race.interrupted ? h("p", { class: "notice" },
      "Interrupted: everything here is of what was measured until then.") : null,
    race.thinned ? h("p", { class: "notice" },
      "Thinned to fit one page: curves show fewer points, timelines a shorter stretch.") : null,
    verdicts(race, state));
}

function verdicts(race, state) {
  const single = race.settings.length === 1;
  return h("div", single ? { class: "verdicts" } : { class: "verdicts", role: "group",
    "aria-label": "Step sizes: which race to show" },
  race.settings.map((setting, index) => {
    const { winner, leader, text } = setting.verdict;
    const name = setting_names[setting.step_sizes] ?? setting.step_sizes;
    const title = winner ? `${winner} wins` : race.kind !== "race" ? null
      : race.interrupted && !leader ? "No verdict" : "No clear winner";
    const content = [
      h("span", { class: "setting" }, name),
      title ? h("strong", null, title) : null,
      h("span", { class: "why" }, text),
    ];
    return single ? h("div", { class: "verdict", "aria-pressed": "true" }, content)
      : h("button", { type: "button", class: "verdict", "data-setting": setting.step_sizes,
        "data-key": `setting ${index}`,
        "aria-pressed": String(index === state.setting),
        onclick: () => state.change({ setting: index }) },
      content, h("span", { class: "hint" }, index === state.setting ? "shown below" : "show this"));
  }));
}
