// page_test.mjs CHROMIUM SAMPLE_PAGE FOLDER
// Opens the sample report in headless Chromium: every chart has drawn data, nothing is written to
// the console, nothing is requested, nothing overflows; in light and dark, on a desk and a phone.
// Screenshots are left in FOLDER.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./browser.mjs";
import { check_drawn, check_layout, check_quiet, check_tables, check_variant, count_marks, views }
  from "./page_checks.mjs";

const [chromium, sample_page, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const file = resolve(folder, "sample.html");
execFileSync(sample_page, [folder]);

// Fewest shapes that a full drawing of 8 policies, 5 seeds and 8 workers consists of.
const charts = { finish: 30, "error-time": 24, "error-updates": 24, "error-compute": 24, timeline: 20,
  staleness: 20, gradients: 14, contributions: 64, "k-over-time": 2 };

async function check_controls(tab, where, width) {
  const before = await tab.value("document.querySelector('#error-time svg').outerHTML");
  await tab.value(`(() => { const card = document.querySelector("[data-setting=tuned]");
    card.focus(); card.click(); })()`);
  await check_drawn(tab, `${where}, tuned`, charts);
  assert.notEqual(await tab.value("document.querySelector('#error-time svg').outerHTML"), before,
    `${where}: the switch changes the charts`);
  assert.equal(await tab.value("document.activeElement.dataset.setting"), "tuned",
    `${where}: the switch keeps the focus`);
  for (const axis of ["linear", "log"]) {
    await tab.value(`document.querySelectorAll("#error-time [data-value=${axis}]")
      .forEach((button) => button.click())`);
    await check_drawn(tab, `${where}, ${axis} axes`, charts);
  }
  const options = await tab.value("document.querySelectorAll('#timeline-policy option').length");
  assert.equal(options, 8, `${where}: the timeline offers every policy`);
  for (let i = 0; i < options; ++i) {
    await tab.value(`(() => { const select = document.querySelector("#timeline-policy");
      select.selectedIndex = ${i}; select.dispatchEvent(new Event("change")); })()`);
    const computing = await tab.value(count_marks("timeline", "compute"));
    const others = await tab.value(count_marks("timeline"));
    assert.ok(computing > 5 && others > computing, `${where}: timeline ${i} shows work and pushes`);
  }
  const lines = "document.querySelectorAll('#error-time svg [aria-label=line].data').length";
  assert.equal(await tab.value(lines), 8);
  await tab.value("document.querySelector('.legend button').click()");
  assert.equal(await tab.value(lines), 7, `${where}: a chip leaves its policy out`);
  await check_tables(tab, where);
  await check_layout(tab, `${where}, all open`, width);
}

async function check_tooltip(tab, where) {
  const at = await tab.value(`(() => { const svg = document.querySelector("#error-time svg");
    svg.scrollIntoView({ block: "center" }); const line = svg.querySelector("[aria-label=line] path");
    const point = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(
      line.getScreenCTM()); return { x: point.x, y: point.y }; })()`);
  await tab.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...at });
  await tab.until("/Test error/.test(document.querySelector('#error-time [aria-label=tip]')"
    + ".textContent)");
  await check_quiet(tab, `${where}, tooltip`);
}

// The checks above must be able to fail: pages with a broken document and with foreign content.
async function check_that_faults_show(browser) {
  const page = readFileSync(file, "utf8");
  const view = { width: 800, height: 600 };
  const broken = resolve(folder, "broken.html");
  writeFileSync(broken, page.replace('"settings":[', '"settings":[null,'));
  const tab = await browser.open(pathToFileURL(broken).href, view);
  assert.notEqual(await tab.value("document.documentElement.dataset.errors"), "0");
  assert.match(await tab.value("document.querySelector('#problems').textContent"), /could not draw/);
  await tab.close();

  const foreign = resolve(folder, "foreign.html");
  writeFileSync(foreign, page.replace("<main", "<script>window.intruder = 1</script><main"));
  const other = await browser.open(pathToFileURL(foreign).href, view);
  assert.equal(await other.value("typeof window.intruder"), "undefined",
    "a script that the build did not write does not run");
  assert.notDeepEqual(other.console, [], "and the console says so");
  await other.close();
}

// What a train run on an analytic workload leaves out: rivals, seeds, a target, a test error.
function make_run(race) {
  const [setting] = race.settings;
  const [, , , policy] = setting.policies;
  Object.assign(race, { kind: "run", target: null, grid: null, seeds: [1], settings: [setting] });
  Object.assign(setting, { step_sizes: "given", policies: [policy],
    verdict: { winner: null, text: "One run." } });
  policy.curves = policy.curves.slice(0, 1);
  policy.curves[0].test_error.fill(null);
  policy.final_error = { mean: null, stderr: null };
  policy.speedup_vs_sync = null;
  policy.time_to_target = { mean: null, stderr: null, reached: 0, runs: 1, per_seed: [null] };
}

// A race that went badly: a policy diverged before its first evaluation, another was never stale.
function make_disaster(race) {
  const [policy] = race.settings[0].policies;
  policy.diverged = race.seeds.map((seed) => ({ seed, update: 3 }));
  for (const curve of policy.curves) {
    for (const values of Object.values(curve)) if (Array.isArray(values)) values.length = 0;
  }
  Object.assign(policy, { updates: null, staleness_mean: null, staleness_histogram: [],
    final_error: { mean: null, stderr: null }, final_loss: { mean: null, stderr: null },
    time_to_target: { mean: null, stderr: null, reached: 0, runs: 5, per_seed: Array(5).fill(null) },
    contributions: Array(8).fill(0), timeline: { workers: 8, from: 0, to: 0, spans: [], arrows: [] } });
  for (const key of Object.keys(policy.gradients)) policy.gradients[key] = 0;
}

// 200 workers: more lanes and columns than fit, and names that are longer than any label.
function make_large(race) {
  race.workers = 200;
  for (const { policies } of race.settings) {
    for (const policy of policies) {
      policy.timeline.workers = 200;
      policy.contributions = Array.from({ length: 200 }, (_, worker) => 1 + (worker % 7));
      policy.staleness_histogram = Array.from({ length: 900 }, (_, i) => Math.round(1e5 / (1 + i)));
    }
  }
}

const browser = new Browser(chromium);
try {
  for (const view of views) {
    const tab = await browser.open(pathToFileURL(file).href, view);
    await tab.settle();
    await check_drawn(tab, view.name, charts);
    await check_layout(tab, view.name, view.width);
    writeFileSync(join(folder, `${view.name}.png`), await tab.screenshot("body"));
    await check_controls(tab, view.name, view.width);
    await check_tooltip(tab, view.name);
    await check_quiet(tab, view.name);
    await tab.close();
  }
  await check_variant(browser, file, folder, "run", make_run,
    Object.keys(charts).filter((id) => !["finish", "k-over-time"].includes(id)));
  await check_variant(browser, file, folder, "disaster", make_disaster, Object.keys(charts));
  await check_variant(browser, file, folder, "large", make_large, Object.keys(charts));
  await check_that_faults_show(browser);
} finally {
  await browser.close();
}
