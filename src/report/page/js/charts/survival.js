// The share of jobs that take longer: as measured (Kaplan and Meier), and as the best laws say.
import { line } from "@observablehq/plot";
import { axis_scale } from "../axis_scale.js";
import { h, s } from "../dom.js";
import { figure } from "../figure.js";
import { number, percent } from "../format.js";
import { known } from "../predictions.js";
import { base_plot, log_ticks, tooltip } from "../theme.js";

const looks = [["var(--series-1)", "none"], ["var(--series-5)", "7 3"], ["var(--series-4)", "2 3"]];

export function survival(fit) {
  const sets = choices(fit).filter(({ group }) => group.fitted && group.survival.length > 1);
  if (sets.length === 0) return null;
  const view = { set: sets[0] };
  const key = h("ul", { class: "key" });
  const fill_key = () => key.replaceChildren(entry("measured", "currentColor", "none"),
    ...view.set.group.fitted.laws.map(({ law }, i) => entry(law.split("(")[0], ...looks[i])));
  fill_key();

  const built = figure({
    id: "survival",
    title: "How many jobs take longer",
    summary: "The steps are the jobs as measured, cancelled ones counted as longer than they ran; the "
      + "lines are the best laws. At the bottom right one sees who expects stragglers.",
    controls: [sets.length < 2 ? null : h("label", null, "Jobs of ", h("select", { id: "survival-of",
      onchange: (event) => {
        view.set = sets[event.target.selectedIndex];
        fill_key();
        built.redraw();
      } }, sets.map(({ name }) => h("option", null, name)))), key],
    draw: (width) => draw(view.set.group, width),
    rows: () => [["Time", "Measured to take longer"], view.set.group.survival.map(([time, share]) =>
      [number(time, 4), percent(share, 2)])],
  });
  return built;
}

// All jobs together only where the workers are alike or there are no groups.
function choices({ pooled, groups, workers, alike }) {
  const all = { name: "all workers", group: pooled };
  const several = groups.length > 1 ? groups.map(({ workers: members, fit }) => ({
    name: members.length === 1 ? `worker ${members[0]}` : list(members), group: fit })) : [];
  const single = workers.filter(({ worker }) => !groups.some(({ workers: members }) =>
    members.length === 1 && members[0] === worker)).map(({ worker, fit }) =>
    ({ name: `worker ${worker}`, group: fit }));
  return [...(alike ? [all] : []), ...several, ...(alike ? [] : [all]), ...single];
}

function list(members) {
  const shown = members.slice(0, 6).join(", ");
  return members.length > 6 ? `workers ${shown} and ${members.length - 6} more` : `workers ${shown}`;
}

function draw({ survival: measured, fitted }, width) {
  const steps = measured.filter(([time, share]) => known(time) && known(share) && share > 0)
    .map(([time, share]) => ({ time, share }));
  const lowest = Math.min(...steps.map((one) => one.share)) / 3;
  const laws = fitted.laws.map(({ law, survival: values }, i) => ({ law, i, points: values.map(
    (share, j) => ({ law, share, time: fitted.time[j] }))
    .filter(({ share, time }) => share >= lowest && known(time)) }));
  const all = [...steps.map((step) => ({ ...step, law: "measured" })),
    ...laws.flatMap(({ points }) => points)];
  const frame = { width, height: Math.round(Math.max(300, Math.min(430, width * 0.8))),
    marginTop: 28, marginBottom: 40, marginLeft: 54, marginRight: 18 };
  const x = axis_scale(all.map((one) => one.time), frame.marginLeft, width - frame.marginRight,
    { origin: true });
  return base_plot(width, {
    ...frame,
    x: { ...x.options, label: "Time of a job \u2192" },
    y: { type: "log", domain: [lowest, 1], label: "\u2191 Share of jobs that take longer", grid: true,
      ticks: log_ticks([lowest, 1]).filter((tick) => /^[13]/.test(tick.toExponential())),
      tickFormat: (share) => `${number(100 * share, 2)}\u202f%` },
    marks: [
      line([{ time: 0, share: 1 }, ...steps], { x: "time", y: "share", curve: "step-after",
        stroke: "currentColor", strokeWidth: 1.6, className: "data" }),
      laws.map(({ points, i }) => line(points, { x: "time", y: "share", stroke: looks[i][0],
        strokeDasharray: looks[i][1], strokeWidth: 2.2, className: "data" })),
      tooltip(all, { x: "time", y: "share", maxRadius: 40, title: (one) =>
        `${one.law}\n${percent(one.share, 2)} take longer than ${number(one.time, 4)}` }),
    ],
  });
}

function entry(name, colour, dash) {
  return h("li", null, s("svg", { class: "swatch", viewBox: "0 0 30 12" },
    s("line", { x1: 1, x2: 29, y1: 6, y2: 6, stroke: colour, "stroke-width": 2.4,
      "stroke-dasharray": dash })), name);
}
