// Names at the right edge of a chart, moved apart so that none covers another.
import { text } from "@observablehq/plot";
import { spread } from "./theme.js";

const gap = 14;

// names: {text, y, fill, className}, y in pixels; drawn right of the frame, in its margin.
export function end_labels(names, { width, height, marginTop, marginBottom, marginLeft, marginRight }) {
  return spread(names, gap, marginTop, height - marginBottom).map((name) => text([name.text], {
    frameAnchor: "top-left", dx: width - marginRight - marginLeft + 8, dy: name.at - marginTop,
    lineAnchor: "middle", textAnchor: "start", fill: name.fill, fontWeight: 600,
    className: name.className }));
}
