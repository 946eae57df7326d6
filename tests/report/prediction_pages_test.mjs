// prediction_pages_test.mjs CHROMIUM SAMPLE_PAGE FOLDER
// Opens the pages of plans, of fits and of a race with a plan in headless Chromium: every chart has
// drawn data, labels don't cover each other, the console stays empty, nothing overflows; in light and
// dark, on a desk and a phone. Screenshots are left in FOLDER.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./browser.mjs";
import { check_drawn, check_labels, check_layout, check_quiet, check_tables, check_variant, count_marks,
  views } from "./page_checks.mjs";

const [chromium, sample_page, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
execFileSync(sample_page, [folder]);
const page = (name) => resolve(folder, `${name}.html`);

// Fewest shapes that a full drawing consists of.
const laws = { "worker-speeds": 16, quantiles: 100, survival: 4, "quantiles-by-worker": 800 };
const pages = {
  plan: { "trade-off": 30, "predicted-times": 28, "predicted-curves": 20, ...laws },
  "fleet-plan": { "trade-off": 27 },
  fit: laws,
  compared: { "compared-times": 12, "compared-updates": 15, "compared-floors": 40,
    "compared-curves": 9 },
};
const labelled = ["trade-off", "compared-times", "compared-updates", "compared-floors"];

async function check_page(browser, name, charts, view) {
  const where = `${name}, ${view.name}`;
  const tab = await browser.open(pathToFileURL(page(name)).href, view);
  await tab.settle();
  await check_drawn(tab, where, charts);
  for (const id of labelled.filter((one) => one in charts)) await check_labels(tab, where, id);
  await check_layout(tab, where, view.width);
  writeFileSync(join(folder, `${name}-${view.name}.png`), await tab.screenshot("body"));
  if (name === "plan") await check_plan_controls(tab, where, charts);
  if (name === "fit") await check_fit_controls(tab, where);
  if (name === "compared") {
    await check_compared(tab, where);
    await check_setting(tab, where);
  }
  await check_tables(tab, where);
  await check_layout(tab, `${where}, all open`, view.width);
  await check_quiet(tab, where);
  await tab.close();
}

const choose = (id, index) => `(() => { const select = document.querySelector("#${id}");
  select.selectedIndex = ${index}; select.dispatchEvent(new Event("change")); })()`;
const drawing = (id) => `document.querySelector("#${id} .plot svg").outerHTML`;

// The rows of a chart's table, as the page carries the document: an independent look at both.
const document_of = (tab) => tab.value("JSON.parse(document.getElementById('document').textContent)");
const rows_of = async (tab, id) => {
  await tab.value(`document.querySelector("#${id} .numbers").open = true`);
  await tab.until(`document.querySelector("#${id} .numbers tbody tr") !== null`);
  return tab.value(`[...document.querySelectorAll("#${id} .numbers tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent))`);
};

// On the line are those, and only those, that no other of the same step size beats in both.
async function check_frontier(tab, where) {
  const { candidates } = await document_of(tab);
  const point = (one) => [one.runtime_per_update.value, one.error_floor];
  const beaten = (one) => candidates.some((other) => other.stable
    && other.step_size === one.step_size && point(other).every((value, i) => value <= point(one)[i])
    && point(other).some((value, i) => value < point(one)[i]));
  const expected = candidates.map((one) => (one.stable && !beaten(one) ? "yes" : "no"));
  const shown = (await rows_of(tab, "trade-off")).map((row) => row.at(-1));
  assert.deepEqual(shown, expected, `${where}: the frontier`);
  assert.ok(expected.filter((one) => one === "yes").length > 8, `${where}: there is a frontier`);
}

// What is compared are the plan's time and the mean over the seeds of the race.
async function check_compared(tab, where) {
  const { plan, settings } = await document_of(tab);
  const rows = await rows_of(tab, "compared-times");
  assert.equal(rows.length, 4, `${where}: four policies have both times`);
  for (const [name, predicted, measured, ratio] of rows) {
    const { time } = plan.candidates.find((one) => one.policy === name && one.step_size === 0.1);
    const { per_seed } = settings[0].policies.find((one) => one.policy === name).time_to_target;
    const mean = per_seed.reduce((sum, one) => sum + one, 0) / per_seed.length;
    assert.ok(Math.abs(Number(predicted) - time.value) < 1e-3 * time.value, `${where}: ${name}`);
    assert.ok(Math.abs(Number(measured) - mean) < 1e-3 * mean, `${where}: ${name}`);
    assert.ok(Math.abs(Number(ratio) - time.value / mean) < 0.006, `${where}: ${name}`);
  }
}

async function check_plan_controls(tab, where, charts) {
  const title = await tab.value("document.querySelector('h1').textContent");
  assert.match(await tab.value("document.querySelector('header .command').textContent"),
    /^syncline train --policy/, `${where}: the command is there to copy`);
  const named = await tab.value(`[...document.querySelectorAll("#trade-off .label text")].map((one) =>
    one.textContent)`);
  for (const name of [title, "sync", "async"]) {
    assert.ok(named.includes(name), `${where}: ${name} is named in the trade-off, not only ${named}`);
  }
  await check_frontier(tab, where);
  const before = await tab.value(drawing("trade-off"));
  await tab.value(choose("trade-off-step", 0));
  assert.notEqual(await tab.value(drawing("trade-off")), before, `${where}: another step size`);
  const leaders = await tab.value(drawing("predicted-curves"));
  await tab.value("document.querySelector('#predicted-curves [data-value=all]').click()");
  assert.notEqual(await tab.value(drawing("predicted-curves")), leaders, `${where}: all of it`);
  await check_drawn(tab, `${where}, changed`, charts);
  await check_labels(tab, `${where}, changed`, "trade-off");
  const rows = await tab.value("document.querySelectorAll('#candidates tbody tr').length");
  assert.equal(rows, 58, `${where}: the table has all candidates`);
}

async function check_fit_controls(tab, where) {
  assert.match(await tab.value("document.querySelector('header').textContent"),
    /Worker 7 is a straggler.*--delay:7\*shifted-exponential/, `${where}: the straggler is named`);
  const options = await tab.value("document.querySelectorAll('#survival-of option').length");
  assert.equal(options, 2 + 1 + 7, `${where}: survival of two groups, of all, of each in the larger`);
  const seen = new Set();
  for (let i = 0; i < options; ++i) {
    await tab.value(choose("survival-of", i));
    assert.equal(await tab.value(count_marks("survival")), 4, `${where}: measured and three laws`);
    seen.add(await tab.value(drawing("survival")));
  }
  assert.equal(seen.size, options, `${where}: each choice has a curve of its own`);
}

// Step sizes tuned for each policy: only those that the plan knows are compared.
async function check_setting(tab, where) {
  const dots = "document.querySelectorAll("
    + "'#compared-updates [aria-label=dot] :is(path, circle)').length";
  assert.equal(await tab.value(dots), 6, `${where}: six policies of the race are in the plan`);
  await tab.value("document.querySelector('[data-setting=tuned]').click()");
  assert.equal(await tab.value(dots), 1, `${where}: one of them at its tuned step size`);
  assert.match(await tab.value("document.querySelector('#comparison').textContent"),
    /The plan says nothing of sync at step size 0.4/);
  await tab.value("document.querySelector('[data-setting=same]').click()");
  await tab.value("document.querySelector('.legend button').click()");
  assert.equal(await tab.value(dots), 5, `${where}: a chip leaves its policy out`);
}

// A time budget instead of a target: losses instead of times.
function make_budget(plan) {
  plan.target = { metric: "train_loss", value: null, time: 40 };
  plan.workload.target_loss = null;
  plan.candidates.forEach((one, i) => Object.assign(one, { time: null, speedup_vs_sync: null,
    loss_at_budget: one.stable ? 0.3 + 0.01 * i : null }));
  plan.recommendation.time = null;
}

// Nothing reaches the target; simulations were given up and have no figures.
function make_hopeless(plan) {
  for (const one of plan.candidates) {
    Object.assign(one, { time: null, speedup_vs_sync: null, updates: null, gradients: null });
    delete one.curve;
    if (one.simulated) one.runtime_per_update.value = 0;
  }
  plan.recommendation = { policy: null, reason: "No candidate reaches the target.", command: null };
  Object.assign(plan, { hints: [], what_if: [], adasync: null, interrupted: true });
}

// As many candidates as for a thousand workers, with all labels that this would mean.
function make_many(plan) {
  const base = plan.candidates.filter((one) => one.step_size === 0.1);
  plan.candidates = Array.from({ length: 40 }, (_, i) => i + 1).flatMap((k) => base.slice(0, 4)
    .map((one) => ({ ...one, k: 25 * k, policy: `${one.family}(k=${25 * k})`, curve: undefined,
      error_floor: 0.25 + one.error_floor / (k + 1),
      runtime_per_update: { ...one.runtime_per_update, value: one.runtime_per_update.value * k } })));
  plan.fleet.workers = 1000;
}

// What a fit has to say where there is little data.
function make_poor(fit) {
  const refused = { laws: [], qq: [], refusal: "worker 0 has 3 complete jobs; a fit needs 8" };
  Object.assign(fit.workers[0].fit, refused, { median: null, fitted: undefined });
  Object.assign(fit.workers[1], { slowdown: null, straggler: true, behaviour: "persistently slow" });
  Object.assign(fit.workers[1].fit, refused, { survival: [], mean: null, fitted: undefined });
  fit.pooled.laws[0].parameters.rate.upper = null;
  Object.assign(fit, { alike: true, groups: [fit.groups[0]], tail: null });
}

function make_single(fit) {
  fit.workers = fit.workers.slice(0, 1);
  Object.assign(fit, { alike: true, groups: [{ ...fit.groups[0], workers: [0] }] });
}

// 200 workers, many of them slow in bursts.
function make_large(fit) {
  fit.workers = Array.from({ length: 200 }, (_, worker) => ({ ...fit.workers[worker % 8], worker,
    straggler: worker % 9 === 0, behaviour: "slow in bursts", slowdown: 1 + (worker % 9 === 0) }));
  fit.slow_states = { workers: [0, 9, 18], mean_normal: 40, mean_slow: 9, factor: 6,
    slowness: "markov(mean_normal=40, mean_slow=9, factor=6)", delay: "exponential(rate=1)" };
}

const browser = new Browser(chromium);
try {
  for (const [name, charts] of Object.entries(pages)) {
    for (const view of views) await check_page(browser, name, charts, view);
  }
  const variant = (from, name, edit, ids) =>
    check_variant(browser, page(from), folder, name, edit, ids);
  await variant("plan", "budget", make_budget, Object.keys(pages.plan));
  await variant("plan", "hopeless", make_hopeless, ["trade-off"]);
  await variant("plan", "many", make_many, ["trade-off", "predicted-times"]);
  await variant("fit", "poor", make_poor, Object.keys(laws));
  await variant("fit", "single", make_single, ["quantiles", "survival"]);
  await variant("fit", "large-fit", make_large, Object.keys(laws));
} finally {
  await browser.close();
}
