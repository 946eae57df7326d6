// wording_test.mjs CHROMIUM SAMPLE_PAGE FOLDER
// What pages say of races and runs of several kinds: on a real fleet, interrupted, of one seed, with
// targets missed, with names that are long, and with errors that span less than a decade.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { Browser } from "./browser.mjs";
import { check_apart, check_quiet, edited_page } from "./page_checks.mjs";

const [chromium, sample_page, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
execFileSync(sample_page, [folder]);
const desk = { width: 1400, height: 900 };
const browser = new Browser(chromium);

// The page of a sample that `edit` has changed, given to `look`.
async function with_page(name, edit, look, sample = "sample") {
  const tab = await browser.open(edited_page(resolve(folder, `${sample}.html`), folder, name, edit),
    desk);
  await tab.settle();
  await look(tab, await tab.value("document.querySelector('main').textContent"));
  await check_quiet(tab, name);
  await tab.close();
}

// As of a run: one policy, one seed, and a target that it has not reached.
function make_run(race, more = {}) {
  const [setting] = race.settings;
  const policy = setting.policies[4];
  Object.assign(race, { kind: "run", seeds: [1], settings: [setting], ...more });
  Object.assign(setting, { step_sizes: "given", policies: [policy],
    verdict: { winner: null, text: "One run." } });
  Object.assign(policy, { curves: policy.curves.slice(0, 1), speedup_vs_sync: null,
    time_to_target: { mean: null, stderr: null, reached: 0, runs: 1, per_seed: [null] } });
  return policy;
}

const missed = (runs) => ({ mean: null, stderr: null, reached: 0, runs, per_seed: Array(runs).fill(null) });

async function check_clocks() {
  for (const kind of ["threads", "mpi", "grpc"]) {
    await with_page(`clock-${kind}`, (race) => {
      make_run(race, { seconds: 0, elapsed: 12.5 });
      race.config.fleet.kind = kind;
    }, (tab, text) => {
      assert.doesNotMatch(text, /virtual time|delay law/i, `${kind}: its time is no virtual one`);
      for (const words of ["Wall-clock seconds \u2192", "Error against time", "took 12.5 s"]) {
        assert.ok(text.includes(words), `${kind}: the page says '${words}'`);
      }
    });
  }
  await with_page("clock-virtual", (race) => make_run(race, { seconds: 0, elapsed: 12.5 }),
    (tab, text) => {
      assert.ok(text.includes("Virtual time (units of the delay law) \u2192"));
      assert.doesNotMatch(text, /took/, "a log of a virtual run does not say how long it took");
    });
}

async function check_one_seed() {
  await with_page("one-seed", (race) => make_run(race), (tab, text) => {
    assert.doesNotMatch(text, /over seeds|standard error|s\.e\.|Means over/,
      "one run has no mean over seeds");
    assert.match(text, /missed/, "a run that came to its end has missed its target");
  });
}

async function check_interrupted() {
  await with_page("interrupted", (race) => {
    const [setting] = race.settings;
    const [first, second, third] = setting.policies;
    Object.assign(race, { interrupted: true, settings: [setting] });
    race.config.stop = { time: first.curves[0].time.at(-1) };
    setting.policies = [first, second, third];
    setting.verdict = { winner: null, leader: null, text: "No verdict: the race was interrupted." };
    second.time_to_target = missed(5);
    second.curves = second.curves.slice(0, 2);
    third.time_to_target = missed(5);
    for (const policy of setting.policies) policy.speedup_vs_sync = null;
  }, async (tab, text) => {
    assert.doesNotMatch(text, /No clear winner/);
    assert.match(text, /Means over 2 to 5 of 5 seeds/);
    const cells = await tab.value("[...document.querySelectorAll('.league tbody td:nth-child(2)')]"
      + ".map((cell) => cell.textContent)");
    assert.deepEqual(cells.slice(1), ["not yet", "missed"], "only who ran to the end has missed");
  });
}

const boxes = (tab, selector) => tab.value(`[...document.querySelectorAll("${selector}")].map((node) => {
  const { top, bottom, left, right } = node.getBoundingClientRect();
  return { text: node.textContent, middle: (top + bottom) / 2, top, left, right }; })`);

async function check_finish() {
  await with_page("missed", (race) => {
    const [setting] = race.settings;
    race.settings = [setting];
    setting.policies = [setting.policies[0], setting.policies[3], setting.policies[5]];
    setting.policies[0].time_to_target = missed(5);
  }, async (tab) => {
    const texts = await boxes(tab, "#finish svg text");
    const word = texts.find(({ text }) => text === "missed");
    const row = texts.find(({ text }) => text === "sync");
    assert.ok(Math.abs(word.middle - row.middle) < 3, "'missed' stands in the row of its policy");
    const marks = await boxes(tab, "#finish svg .data path");
    assert.ok(word.left > Math.max(...marks.map(({ right }) => right)), "and right of the markers");
  });
}

async function check_end_labels() {
  await with_page("end-labels", (race) => {
    const policy = make_run(race);
    policy.policy = "k-batch-async(k=4)";
    race.target.value = policy.curves[0].test_error.at(-1);
  }, async (tab) => {
    for (const id of ["error-time", "error-updates", "error-compute"]) {
      const [frame] = await boxes(tab, `#${id}`);
      const texts = await boxes(tab, `#${id} svg text`);
      const name = texts.find(({ text }) => text === "k-batch-async(k=4)");
      const target = texts.find(({ text }) => text.startsWith("target "));
      assert.ok(name.right <= frame.right, `${id}: the name is within its column`);
      assert.ok(Math.abs(target.middle - name.middle) >= 18, `${id}: the target stands apart`);
    }
    await check_apart(tab, "end-labels", "#error-time svg text");
  });
}

async function check_ticks() {
  await with_page("ticks", (race) => {
    const [curve] = make_run(race, { target: null }).curves;
    const last = curve.test_error.length - 1;
    curve.test_error = curve.test_error.map((_, i) => 0.8 - 0.43 * Math.sqrt(i / last));
  }, async (tab) => {
    const ticks = (await boxes(tab, "#error-time svg [aria-label='y-axis tick label'] text"));
    assert.ok(ticks.length >= 4, `the axis has ${ticks.map(({ text }) => text)}`);
    assert.ok(ticks.some(({ text }) => text.startsWith("40")), "its lower end too");
  });
}

async function check_fit() {
  await with_page("fit-wide", (fit) => {
    for (const { fit: { laws } } of fit.workers) {
      if (laws.length === 0) continue;
      const [one] = Object.values(laws[0].parameters);
      laws[0].law = "hyperexponential(...)";
      laws[0].parameters = { probability: one, fast_rate: one, slow_rate: one };
    }
  }, async (tab) => {
    const wide = await tab.value(`[...document.querySelectorAll("#laws > .scroll")].map((one) =>
      [one.scrollWidth, one.clientWidth])`);
    assert.ok(wide.length > 0);
    for (const [needed, there] of wide) assert.ok(needed <= there, `${needed} px in ${there}`);
  }, "fit");
}

try {
  await check_clocks();
  await check_one_seed();
  await check_interrupted();
  await check_finish();
  await check_end_labels();
  await check_ticks();
  await check_fit();
} finally {
  await browser.close();
}
