// Reads the document that the page carries, and shows it as its kind asks.
import { s } from "./dom.js";
import { collect_errors, complain } from "./errors.js";
import { show_fit } from "./fit_page.js";
import { hatch } from "./hatch.js";
import { show_plan } from "./plan_page.js";
import { show_race } from "./race_page.js";

const pages = { race: show_race, run: show_race, plan: show_plan, fit: show_fit };

collect_errors();
try {
  const shown = JSON.parse(document.getElementById("document").textContent);
  pages[shown.kind](shown);
  document.getElementById("page").after(s("svg", { width: 0, height: 0, "aria-hidden": "true",
    class: "patterns" }, hatch()));
} catch (problem) {
  complain(problem);
}
document.documentElement.dataset.ready = "true";
