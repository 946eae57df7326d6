// Horizontal bars with intervals: rows {row, look}; the options say where their lengths are.
import { barX, dot, ruleX, ruleY } from "@observablehq/plot";

export const bars = (rows, options) => [
  ruleX([0]),
  barX(rows, { y: "row", fill: (one) => one.look.colour, stroke: (one) => one.look.colour,
    strokeWidth: 1, className: "data", ...options }),
];

export const whiskers = (rows, options) => ruleY(rows, { y: "row", stroke: "currentColor",
  strokeWidth: 2, className: "data", ...options });

export const tips = (rows, options) => dot(rows, { y: "row", r: 3.4, fill: "currentColor",
  stroke: "var(--surface)", ...options });
