// The trade-off of a plan: every candidate a point, fast to the left, exact at the bottom.
import { dot, line, ruleY, text } from "@observablehq/plot";
import { group } from "d3";
import { axis_scale } from "../axis_scale.js";
import { h, swatch } from "../dom.js";
import { figure } from "../figure.js";
import { number, plural } from "../format.js";
import { place_labels } from "../place_labels.js";
import { family_look } from "../policies.js";
import { frontier, is_choice, is_modelled, place, step_sizes } from "../predictions.js";
import { base_plot, narrow, tooltip } from "../theme.js";

export function trade_off(plan) {
  const sizes = step_sizes(plan);
  const view = { step: plan.recommendation.step_size ?? sizes[0] };
  const places = () => plan.candidates.filter((one) => one.step_size === view.step)
    .map((one) => place(plan, one)).filter((point) => point !== null);
  if (places().length < 2) return null; // One worker has no choice.
  const modelled = is_modelled(plan);
  const families = [...group(plan.candidates.filter((one) => place(plan, one)),
    (one) => one.policy.split("(")[0]).keys()];

  const built = figure({
    id: "trade-off",
    shape: "wide",
    title: modelled ? "The trade-off: fast updates or a low error floor"
      : "The trade-off: fresh steps or cheap gradients",
    summary: modelled
      ? "Each point is one policy and K. Left: quick updates. Down: a low loss in the end. Of the "
        + "points on the line none is worse in both; what is above and right of it never pays."
      : "Nothing is known of the workload yet. Left wins where gradients have little noise, down "
        + "where they have much. What is above and right of the line never pays.",
    controls: [step_choice(sizes, view, () => built.redraw()), key(families, places().some((point) => is_choice(plan, point.candidate)))],
    note: left_out(plan, sizes),
    draw: (width) => draw(plan, places(), width),
    rows: () => [["Policy", "Step size", "Time per update",
      modelled ? "Error floor" : "Time per gradient", "Staleness", "On the line"],
    plan.candidates.map((one) => {
      const point = place(plan, one);
      const rivals = plan.candidates.filter((other) => other.step_size === one.step_size)
        .map((other) => place(plan, other)).filter((other) => other !== null);
      return [one.policy, number(one.step_size), number(one.runtime_per_update.value, 4),
        number(modelled ? one.error_floor : one.runtime_per_update.value / one.k, 4),
        number(one.staleness), point && frontier(rivals).some((other) => other.candidate === one)
          ? "yes" : "no"];
    })],
  });
  return built;
}

function step_choice(sizes, view, redraw) {
  if (sizes.length < 2) return null;
  return h("label", null, "Step size ", h("select", { id: "trade-off-step", onchange: (event) => {
    view.step = sizes[event.target.selectedIndex];
    redraw();
  } }, sizes.map((size) => h("option", { selected: size === view.step }, number(size)))));
}

function key(families, recommended) {
  return h("ul", { class: "key" }, families.map((name) => h("li", null, swatch(family_look(name)),
    name)), recommended ? h("li", null, h("i", { class: "ring" }), "recommended") : null);
}

function left_out(plan, sizes) {
  const missing = plan.candidates.filter((one) => place(plan, one) === null);
  if (missing.length === 0) return null;
  const unstable = missing.filter((one) => !one.stable).length;
  const where = sizes.length > 1 ? " (over all step sizes)" : "";
  const rest = missing.length - unstable;
  return [unstable > 0 ? `Not drawn: ${plural(unstable, "candidate")}${where} whose step is too large `
    + "for the staleness, so that it would diverge." : "",
  rest > 0 ? `Without a point: ${plural(rest, "candidate")}${where} that simulation gave up, or whose `
    + "K changes." : ""].join(" ");
}

function draw(plan, points, width) {
  const modelled = is_modelled(plan);
  const target = modelled ? plan.workload.target_loss : null;
  const phone = narrow(width);
  const best = frontier(points);
  const near = target !== null && target < 3 * Math.max(...points.map(({ y }) => y))
    && target > Math.min(...points.map(({ y }) => y)) / 3;
  const frame = { width, height: Math.round(Math.max(320, Math.min(500, width * 0.5))),
    marginTop: 28, marginBottom: 42, marginLeft: 54, marginRight: 20 };
  const x = axis_scale(points.map((point) => point.x), frame.marginLeft, width - frame.marginRight);
  const y = axis_scale([...points.map((point) => point.y), ...(near ? [target] : [])],
    frame.height - frame.marginBottom, frame.marginTop);
  const choice = points.filter((point) => is_choice(plan, point.candidate));
  const labels = place_labels(in_turn(plan, points, best).map((point) => ({ ...point,
    data: point, x: x.at(point.x), y: y.at(point.y),
    ...label_of(plan, point, !phone || best.includes(point)) })),
  { left: frame.marginLeft + 2, right: width - 4, top: 18,
    bottom: frame.height - frame.marginBottom });

  return base_plot(width, {
    ...frame,
    x: { ...x.options, grid: true, label: modelled
      ? `Time per update${phone ? "" : " (units of the delay law)"} \u2192`
      : `Time per update \u00d7 (1 + staleness)${phone ? "" : ": cost of a step without noise"} \u2192` },
    y: { ...y.options, label: modelled ? "\u2191 Error floor (loss)"
      : `\u2191 Time per gradient${phone ? "" : ": cost of a step if noise is all"}`, grid: true },
    marks: [
      near ? ruleY([target], { stroke: "currentColor", strokeOpacity: 0.75, strokeDasharray: "3 4" })
        : null,
      near ? text([`target loss ${number(target)}`], { y: target, frameAnchor: "right", dy: -9,
        fill: "currentColor", stroke: "var(--surface)", strokeWidth: 5, fontWeight: 600 }) : null,
      line(best, { x: "x", y: "y", stroke: "currentColor", strokeWidth: 7, strokeOpacity: 0.13,
        strokeLinejoin: "round", strokeLinecap: "round", className: "data" }),
      best.length > 1 ? null : dot(best, { x: "x", y: "y", r: 10, fill: "currentColor",
        fillOpacity: 0.13 }),
      ...[...group(points, (point) => point.family).values()].map((own) => [
        line([...own].sort((a, b) => a.candidate.k - b.candidate.k), { x: "x", y: "y",
          stroke: own[0].colour, strokeWidth: 1.2, strokeOpacity: 0.55, className: "data" }),
        dot(own, { x: "x", y: "y", fill: own[0].colour, stroke: "var(--surface)", strokeWidth: 0.8,
          symbol: own[0].symbol, r: 4.4, className: "data" })]),
      dot(choice, { x: "x", y: "y", r: 9, stroke: "var(--accent)", strokeWidth: 2.4,
        className: "data" }),
      labels.map((label) => text([label.data], { x: "x", y: "y", text: () => label.text,
        dx: label.dx, dy: label.dy, textAnchor: label.anchor, lineAnchor: "middle",
        fill: label.label_colour, stroke: "var(--surface)", strokeWidth: 3, fontSize: 11,
        fontWeight: label.important ? 650 : 400, className: "label" })),
      tooltip(points, { x: "x", y: "y", maxRadius: 40,
        title: (point) => describe(point, modelled) }),
    ],
  });
}

// Whose label is placed first: the recommendation, the ends of the line, then the frontier.
function in_turn(plan, points, best) {
  const rank = (point) => (is_choice(plan, point.candidate) ? 0
    : ["sync", "async"].includes(point.candidate.policy) ? 1 : best.includes(point) ? 2 : 3);
  return [...points].sort((a, b) => rank(a) - rank(b));
}

function label_of(plan, { candidate }, numbered) {
  const named = is_choice(plan, candidate) || ["sync", "async"].includes(candidate.policy);
  return { text: named ? candidate.policy : numbered && candidate.k !== null ? `${candidate.k}` : "",
    important: named, size: is_choice(plan, candidate) ? 10 : 5 };
}

function describe({ candidate, x, y }, modelled) {
  const { policy, runtime_per_update: time, staleness } = candidate;
  const range = time.lower !== null && time.upper !== null && time.lower < time.upper
    ? ` (${number(time.lower, 4)} to ${number(time.upper, 4)})` : "";
  return `${policy}\ntime per update ${number(time.value, 4)}${range}, ${time.kind}\n${modelled
    ? `error floor ${number(y, 4)}` : `cost without noise ${number(x, 4)}, per gradient ${number(y, 4)}`
  }\nstaleness ${number(staleness)}`;
}
