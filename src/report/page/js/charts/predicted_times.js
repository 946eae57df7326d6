// What a plan expects of its candidates, best first: time to the target, or loss in the time given.
import { dot, text } from "@observablehq/plot";
import { h } from "../dom.js";
import { figure } from "../figure.js";
import { number } from "../format.js";
import { family_look } from "../policies.js";
import { is_choice, known, step_sizes } from "../predictions.js";
import { base_plot, narrow, tooltip } from "../theme.js";
import { bars, tips, whiskers } from "./bars.js";

const most_rows = 14;

export function predicted_times(plan) {
  const timed = plan.candidates.some((one) => known(one.time?.value));
  const expected = (one) => (timed ? one.time : one.stable && one.loss_at_budget > 0
    ? { value: one.loss_at_budget, lower: null, upper: null } : null);
  const all = plan.candidates.filter((one) => known(expected(one)?.value))
    .map((one) => ({ ...one, ...positive(expected(one)), look: family_look(one.policy),
      choice: is_choice(plan, one) })).sort((a, b) => a.value - b.value);
  if (all.length === 0) return null;
  // The leaders, and sync and the recommendation wherever they stand.
  const rows = all.filter((one, i) => i < most_rows || one.choice
    || one === all.find(({ policy }) => policy === "sync")).map((one, row) => ({ ...one, row }));
  const several = step_sizes(plan).length > 1;
  const whole = rows.filter((one) => known(one.lower) && known(one.upper) && one.lower < one.upper);
  const what = timed ? "time to the target" : `loss at time ${number(plan.target.time)}`;

  const draw = (width) => {
    const left = Math.min(170, 14 + 7 * Math.max(...rows.map(({ policy }) => policy.length)));
    const [end, cut] = stretch(rows);
    const within = (name) => (one) => Math.min(one[name], end);
    return base_plot(width, {
      height: 27 * rows.length + 60,
      marginLeft: left, marginRight: several ? 62 : 16, marginTop: 20, marginBottom: 40,
      x: { domain: [0, end], grid: true, ticks: narrow(width) ? 4 : 8,
        label: timed ? `${narrow(width) ? "Time" : "Virtual time"} to the target \u2192`
          : `Expected ${what} \u2192` },
      y: { domain: rows.map(({ row }) => row), label: null, tickSize: 0, padding: 0.32,
        tickFormat: (row) => short(rows[row].policy, left) },
      marks: [
        bars(rows, { x: within("value"), fillOpacity: (one) => (one.simulated ? 0.5 : 0.14) }),
        whiskers(whole, { x1: within("lower"), x2: within("upper") }),
        text(cut, { x: end, y: "row", text: (one) => `${number(one.value, 4)} \u2192`, dx: -6,
          textAnchor: "end", fill: "currentColor", stroke: "var(--surface)", strokeWidth: 4,
          fontWeight: 600 }),
        tips(rows.filter((one) => one.value <= end), { x: "value" }),
        dot(rows.filter((one) => one.choice), { x: within("value"), y: "row", r: 8,
          stroke: "var(--accent)", strokeWidth: 2.4, className: "data" }),
        several ? text(rows, { y: "row", frameAnchor: "right", dx: 56, textAnchor: "end",
          text: (one) => number(one.step_size), fill: "var(--muted)" }) : null,
        several ? text(["step size"], { frameAnchor: "top-right", dx: 56, dy: -14, textAnchor: "end",
          fill: "var(--muted)" }) : null,
        tooltip(rows, { x: within("value"), y: "row", maxRadius: 60, title: (one) =>
          `${one.policy}, step size ${number(one.step_size)}\n${what} ${number(one.value, 4)}${interval(one)}\n${one.simulated
          ? "simulated" : "theory alone"}` }),
      ],
    });
  };

  return figure({
    id: "predicted-times",
    shape: plan.candidates.some((one) => one.curve) ? null : "wide",
    title: timed ? "Predicted time to the target" : "Predicted loss in the time given",
    summary: `Shorter is better; the line over a bar is its interval. ${rows.length < all.length
      ? `The best ${most_rows} of ${all.length}${rows.length > most_rows ? ", and sync" : ""}. ` : ""
    }Solid bars were simulated, pale ones are theory alone.`,
    controls: h("ul", { class: "key" }, h("li", null, h("i", { class: "ring" }), "recommended")),
    draw,
    rows: () => [["Policy", "Step size", timed ? "Time" : "Loss", "Lower", "Upper", "From"],
      rows.map((one) => [one.policy, number(one.step_size), number(one.value, 4),
        number(one.lower, 4), number(one.upper, 4), one.simulated ? "simulation" : "theory"])],
  });
}

// Where the axis ends, and whose bar is cut there: one that is many times longer than the others
// would make them all look alike.
function stretch(rows) {
  const lengths = rows.map(({ value }) => value).sort((a, b) => a - b);
  const usual = lengths[Math.floor(0.8 * (lengths.length - 1))];
  const longest = 1.04 * Math.max(...rows.map((one) => Math.max(one.value, one.upper ?? 0)));
  const end = Math.min(longest, 2.5 * usual);
  return [end, rows.filter(({ value }) => value > end)];
}

// Few runs may have an interval that reaches below zero, where no time is.
const positive = (one) => ({ ...one, lower: known(one.lower) ? Math.max(0, one.lower) : null });

const interval = (one) => (known(one.lower) && known(one.upper)
  ? ` (${number(one.lower, 4)} to ${number(one.upper, 4)})` : "");

const short = (name, room) => (7 * name.length + 10 > room
  ? `${name.slice(0, Math.floor((room - 17) / 7))}\u2026` : name);
