// Names at the right edge of a chart, moved apart so that none covers another.
import { text } from "@observablehq/plot";
import { spread } from "./theme.js";

const gap = 14;

// Room for the longest name; 7.3 pixels a bold character at 12 px is on the safe side.
export const name_margin = (names) => Math.ceil(Math.max(110,
  14 + 7.3 * Math.max(...names.map((name) => name.length))));

// names: {text, y, fill, className, gap}, y in pixels; drawn right of the frame, in its margin.
export function end_labels(names, { width, height, marginTop, marginBottom, marginLeft, marginRight }) {
  return spread(names, gap, marginTop, height - marginBottom).map((name) => text([name.text], {
    frameAnchor: "top-left", dx: width - marginRight - marginLeft + 8, dy: name.at - marginTop,
    lineAnchor: "middle", textAnchor: "start", fill: name.fill, fontWeight: 600,
    className: name.className }));
}
