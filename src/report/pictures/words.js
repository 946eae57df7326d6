// Lines of words, outside of plots.
import { s } from "../page/js/dom.js";

export function words(lines, x, y, { size = 12, bold = false, line = Math.round(size * 1.35) } = {}) {
  return lines.map((text, i) => s("text", { x, y: y + i * line, fill: "currentColor",
    "font-size": size, "font-weight": bold ? 650 : null }, text));
}
