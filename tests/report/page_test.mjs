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

const [chromium, sample_page, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const file = resolve(folder, "sample.html");
execFileSync(sample_page, [file]);

// Fewest shapes that a full drawing of 8 policies, 5 seeds and 8 workers consists of.
const charts = { finish: 30, "error-time": 24, "error-updates": 24, "error-compute": 24, timeline: 20,
  staleness: 20, gradients: 14, contributions: 64, "k-over-time": 2 };
const views = [
  { name: "light", width: 1280, height: 900 },
  { name: "dark", width: 1280, height: 900, dark: true },
  { name: "phone", width: 390, height: 844, phone: true },
  { name: "small-phone-dark", width: 360, height: 740, phone: true, dark: true },
];

// Shapes with an extent: an empty path or a bar of no width has drawn nothing.
const count_marks = (id) => `(() => {
  const shapes = document.querySelectorAll("#${id} svg .data path, #${id} svg .data rect, "
    + "#${id} svg .data line, #${id} svg .data circle");
  return [...shapes].filter((shape) => {
    const box = shape.getBBox();
    return box.width + box.height > 0;
  }).length;
})()`;

async function check_drawn(tab, where) {
  for (const [id, fewest] of Object.entries(charts)) {
    const marks = await tab.value(count_marks(id));
    assert.ok(marks >= fewest, `${where}: chart ${id} has drawn ${marks} of ${fewest} marks`);
    const text = await tab.value(`document.querySelector("#${id} svg").getAttribute("aria-label")`);
    assert.ok(text.length > 40, `${where}: chart ${id} has a text alternative`);
    const bad = await tab.value(`/NaN|undefined|Infinity/.test(
      document.querySelector("#${id}").outerHTML)`);
    assert.equal(bad, false, `${where}: chart ${id} shows NaN, undefined or Infinity`);
  }
}

async function check_quiet(tab, where) {
  await tab.settle();
  assert.deepEqual(tab.console, [], `${where}: the console is empty`);
  assert.equal(await tab.value("document.documentElement.dataset.errors"), "0", where);
  const foreign = tab.requests.filter((url) => !/^(file|about|blob|data):/.test(url));
  assert.deepEqual(foreign, [], `${where}: nothing is requested from a network`);
}

async function check_layout(tab, where, width) {
  // Not innerWidth: a phone widens it to whatever overflows.
  const scroll = await tab.value("document.documentElement.scrollWidth");
  assert.ok(scroll <= width, `${where}: page is ${scroll} px wide in a window of ${width}`);
  const small = await tab.value(`[...document.querySelectorAll("svg text")].filter((node) =>
    node.textContent.trim() && parseFloat(getComputedStyle(node).fontSize) < 10).length`);
  assert.equal(small, 0, `${where}: no label is smaller than 10 px`);
}

async function check_controls(tab, where, width) {
  const before = await tab.value("document.querySelector('#error-time svg').outerHTML");
  await tab.value(`(() => { const card = document.querySelector("[data-setting=tuned]");
    card.focus(); card.click(); })()`);
  await check_drawn(tab, `${where}, tuned`);
  assert.notEqual(await tab.value("document.querySelector('#error-time svg').outerHTML"), before,
    `${where}: the switch changes the charts`);
  assert.equal(await tab.value("document.activeElement.dataset.setting"), "tuned",
    `${where}: the switch keeps the focus`);
  for (const axis of ["linear", "log"]) {
    await tab.value(`document.querySelectorAll("#error-time [data-value=${axis}]")
      .forEach((button) => button.click())`);
    await check_drawn(tab, `${where}, ${axis} axes`);
  }
  const options = await tab.value("document.querySelectorAll('#timeline-policy option').length");
  assert.equal(options, 8, `${where}: the timeline offers every policy`);
  for (let i = 0; i < options; ++i) {
    await tab.value(`(() => { const select = document.querySelector("#timeline-policy");
      select.selectedIndex = ${i}; select.dispatchEvent(new Event("change")); })()`);
    assert.ok(await tab.value(count_marks("timeline")) > 10, `${where}: timeline ${i} is drawn`);
  }
  const lines = "document.querySelectorAll('#error-time svg [aria-label=line].data').length";
  assert.equal(await tab.value(lines), 8);
  await tab.value("document.querySelector('.legend button').click()");
  assert.equal(await tab.value(lines), 7, `${where}: a chip leaves its policy out`);
  await tab.value("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
  await tab.settle();
  const empty = await tab.value(`[...document.querySelectorAll("details")].filter((one) =>
    one.querySelectorAll("tbody tr").length === 0).map((one) => one.textContent)`);
  assert.deepEqual(empty, [], `${where}: every table that opens has rows`);
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

const browser = new Browser(chromium);
try {
  for (const view of views) {
    const tab = await browser.open(pathToFileURL(file).href, view);
    await tab.settle();
    await check_drawn(tab, view.name);
    await check_layout(tab, view.name, view.width);
    writeFileSync(join(folder, `${view.name}.png`), await tab.screenshot("body"));
    await check_controls(tab, view.name, view.width);
    await check_tooltip(tab, view.name);
    await check_quiet(tab, view.name);
    await tab.close();
  }
  await check_that_faults_show(browser);
} finally {
  await browser.close();
}
