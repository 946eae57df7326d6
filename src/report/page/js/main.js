// Reads the document that the page carries, and shows it as its kind asks.
import { collect_errors, complain } from "./errors.js";
import { show_fit } from "./fit_page.js";
import { show_plan } from "./plan_page.js";
import { show_race } from "./race_page.js";

const pages = { race: show_race, run: show_race, plan: show_plan, fit: show_fit };

// The hatching of cancelled work, for every chart of the page.
function hatch() {
  const space = "http://www.w3.org/2000/svg";
  const make = (name, attributes, ...children) => {
    const node = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  return make("svg", { width: 0, height: 0, "aria-hidden": "true", class: "patterns" },
    make("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)" },
    make("rect", { width: 6, height: 6, fill: "var(--surface)" }),
    make("rect", { width: 2.2, height: 6, fill: "var(--lost)" })));
}

collect_errors();
try {
  const shown = JSON.parse(document.getElementById("document").textContent);
  pages[shown.kind](shown);
  document.getElementById("page").after(hatch());
} catch (problem) {
  complain(problem);
}
document.documentElement.dataset.ready = "true";
