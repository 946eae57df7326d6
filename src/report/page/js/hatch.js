// The hatching of cancelled work: charts fill with url(#hatch).
import { s } from "./dom.js";

export const hatch = () => s("pattern", { id: "hatch", width: 6, height: 6,
  patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
s("rect", { width: 6, height: 6, fill: "var(--surface)" }),
s("rect", { width: 2.2, height: 6, fill: "var(--lost)" }));
