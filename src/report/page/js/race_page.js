// The page of a race or a run: verdicts, league table, charts, and what reproduces it.
import { clock } from "./clock.js";
import { choose_metric } from "./curves.js";
import { h } from "./dom.js";
import { header, setting_names } from "./header.js";
import { league } from "./league.js";
import { legend } from "./legend.js";
import { reproduce } from "./details.js";
import { style_policies } from "./policies.js";
import { contributions } from "./charts/contributions.js";
import { error_curve } from "./charts/error_curves.js";
import { finish } from "./charts/finish.js";
import { gradients } from "./charts/gradients.js";
import { k_over_time } from "./charts/k_over_time.js";
import { staleness } from "./charts/staleness.js";
import { timeline } from "./charts/timeline.js";
import { topology } from "./charts/topology.js";
import { comparison } from "./comparison.js";

const curves = (race, { name, unit, axis, short_axis, compute }) => [
  { id: "error-time", x: "time", shape: "wide", against: name,
    summary: [race.kind === "race" ? "Further left is faster: the first line to meet the target wins."
      : "How the model got better as time passed.", race.seeds.length > 1
      ? "Lines are means over seeds, bands one standard error." : ""].join(" ").trim(),
    axis, short_axis, unit },
  { id: "error-updates", x: "update", against: "updates",
    summary: "What one update is worth: stale gradients and few gradients per update push a line to "
      + "the right.",
    axis: "Updates of the weights \u2192", short_axis: "Updates \u2192", unit: "updates" },
  { id: "error-compute", x: "compute", against: "compute spent",
    summary: "What it costs: worker time spent on gradients, cancelled ones included. Waiting is "
      + "free here, throwing work away is not.",
    axis: compute, short_axis: "Compute \u2192", unit: "compute" },
];

export function show_race(race) {
  document.title = `${race.title} \u2013 Syncline`;
  const metric = choose_metric(race);
  const names = [...new Set(race.settings.flatMap((one) => one.policies.map((p) => p.policy)))];
  const looks = style_policies(names);
  const kinds = curves(race, clock(race));
  const views = { timeline: { from: 0, span: 0.5 }, curves: new Map(kinds.map(({ id, x }) =>
    [id, { x: x === "update" ? "log" : "linear", y: "log" }])) };
  const state = { setting: 0, hidden: new Set(), change: (part) => {
    Object.assign(state, part);
    render();
  } };
  const page = document.getElementById("page");

  function render() {
    const setting = { ...race.settings[state.setting] };
    setting.policies = setting.policies.map((policy) => ({ ...policy, ...looks.get(policy.policy) }));
    const visible = setting.policies.filter((policy) => !state.hidden.has(policy.name));
    const time = (policy) => policy.time_to_target.mean ?? Infinity;
    const ranked = [...setting.policies].sort((a, b) => (time(a) === time(b) ? 0
      : time(a) - time(b)));
    const view = { race, metric, setting, visible, state, styled: setting.policies, ranked };
    view.shown = ranked.filter((policy) => visible.includes(policy));

    const figures = [
      ...(race.kind === "race" ? [finish({ ...view, ranked: view.shown })] : []),
      ...kinds.map((kind) => error_curve(view, kind, views.curves.get(kind.id))),
      timeline(view, views.timeline), topology(view),
      staleness(view), gradients(view), contributions(view), k_over_time(view),
    ].filter(Boolean);
    const compared = race.plan ? comparison(view) : null;
    // All of the page is made anew; what the reader holds must stay where it is.
    const focused = document.activeElement?.dataset?.key;
    const top = scrollY, across = page.querySelector(".legend")?.scrollLeft ?? 0;
    page.replaceChildren(header(race, metric, state), league(view),
      h("section", { id: "charts" }, h("h2", null, `The ${race.kind} in pictures`, h("small", null,
        race.settings.length > 1 ? setting_names[setting.step_sizes].toLowerCase() : "")),
      setting.policies.length > 1 ? legend(view) : "",
      h("div", { class: "figures" }, figures.map(({ frame }) => frame))),
      compared?.section ?? "", reproduce(race));
    for (const { redraw } of [...figures, ...compared?.figures ?? []]) redraw();
    scrollTo(0, top);
    page.querySelector(".legend")?.scrollTo(across, 0);
    if (focused) page.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
  }

  render();
}
