// Horizontal bars, a name to the left of each and words to the right.
import { text } from "@observablehq/plot";
import { extent, scaleLinear } from "d3";
import { bars, tips, whiskers } from "../page/js/charts/bars.js";
import { compact, percent_tick } from "../page/js/format.js";
import { look } from "../page/js/looks.js";
import { base_plot } from "../page/js/theme.js";
import { shorten, text_width } from "./text.js";

export const keys = () => [];

const given = (value) => typeof value === "number";
const bold = { bold: true };

export function draw({ x, bars: list }, width) {
  const left = Math.ceil(Math.min(0.4 * width, 14 + Math.max(...list.map(({ name }) => text_width(name)))));
  const rows = list.map((one, row) => ({ ...one, row, look: look(one.color),
    end: given(one.value) ? Math.max(0, one.value, one.high ?? 0) : 0 }));
  const valued = rows.filter(({ value }) => given(value));
  const whole = valued.filter(({ low, high }) => given(low) && given(high));
  const [from, to] = extent([0, ...valued.flatMap(({ value, low, high }) => [value, low, high])
    .filter(given)]);
  const domain = [from, to > from ? to : from + 1];
  const right = right_margin(rows, domain, width - left);
  const scale = scaleLinear(domain, [left, width - right]);
  const words = (of, options) => text(of.filter((one) => one.text), { x: "end", y: "row", dx: 8,
    textAnchor: "start", text: (one) => shorten(one.text, width - scale(one.end) - 8, bold),
    className: "label", ...options });
  return base_plot(width, {
    height: 27 * rows.length + 60,
    marginLeft: left, marginRight: right, marginTop: 12, marginBottom: 40,
    x: { domain, grid: true, label: `${x.label} \u2192`, tickFormat: x.percent ? percent_tick : compact,
      ticks: Math.max(2, Math.floor((width - left - right) / 80)) },
    y: { domain: rows.map(({ row }) => row), label: null, tickSize: 0, padding: 0.32,
      tickFormat: (row) => shorten(rows[row].name, left - 12) },
    marks: [
      bars(valued, { x: "value", fillOpacity: 0.5 }),
      whiskers(whole, { x1: "low", x2: "high" }),
      tips(whole, { x: "value" }),
      words(valued, { fill: "currentColor", fontWeight: 600 }),
      words(rows.filter(({ value }) => !given(value)), { fill: "var(--muted)" }),
    ],
  });
}

// As much as the words behind the bars need: those of a short bar may lie within the frame.
function right_margin(rows, [from, to], room) {
  const needs = rows.filter((one) => one.text).map(({ end, text: words }) => {
    const part = (end - from) / (to - from);
    return part === 0 ? 0 : (10 + text_width(words, bold) - (1 - part) * room) / part;
  });
  return Math.ceil(Math.min(0.6 * room, Math.max(14, ...needs)));
}
