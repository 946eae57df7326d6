// What an SVG file carries of the page's style: it follows light and dark by itself.
import palette from "../page/palette.css";
import { s } from "../page/js/dom.js";

const rules = `svg{color:var(--text);font-family:var(--font);font-variant-numeric:tabular-nums;
--plot-background:var(--surface)} text{white-space:pre}`;

export const style = () => s("style", null, `${palette} ${rules}`.replace(/\/\*.*?\*\//gs, "")
  .replace(/\s+/g, " ").replace(/ ?([{};]) ?/g, "$1").trim());
