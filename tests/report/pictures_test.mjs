// pictures_test.mjs CHROMIUM PICTURES_MJS FOLDER
// Draws pictures of every kind of panel and looks at them in headless Chromium: everything is drawn,
// nothing overflows, no words cover others, light and dark are followed, nothing is loaded. The same
// spec gives the same bytes, and a bad one is refused by name. Screenshots are left in FOLDER.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./browser.mjs";
import { check_apart, check_layout, check_quiet } from "./page_checks.mjs";
import { bad_specs, samples as own_samples } from "./sample_pictures.mjs";

const [chromium, program, folder] = process.argv.slice(2);
rmSync(folder, { recursive: true, force: true });

// The documented example is one of them.
const documented = readFileSync(new URL("../../docs/pictures.md", import.meta.url), "utf8")
  .match(/```json\n(.*?)```/s)[1];
const samples = { ...own_samples, documented: JSON.parse(documented) };

function specs(name, list) {
  const place = resolve(folder, name);
  mkdirSync(place, { recursive: true });
  for (const [file, spec] of Object.entries(list)) {
    writeFileSync(join(place, `${file}.json`), typeof spec === "string" ? spec : JSON.stringify(spec));
  }
  return place;
}
const draw = (from, to) => spawnSync(process.execPath, [program, from, resolve(folder, to)],
  { encoding: "utf8" });
const drawn = (place, name) => readFileSync(join(folder, place, `${name}.svg`), "utf8");

function check_files() {
  const result = draw(specs("specs", samples), "drawn");
  assert.equal(result.status, 0, result.stderr);
  assert.equal(result.stdout + result.stderr, "");
  const names = Object.keys(samples).map((name) => `${name}.svg`).sort();
  assert.deepEqual(readdirSync(join(folder, "drawn")).sort(), names, "no draft is left behind");
  for (const name of Object.keys(samples)) {
    const text = drawn("drawn", name);
    assert.doesNotMatch(text, /NaN|undefined|Infinity|<script|href|@import|https?:(?!\/\/www\.w3\.org\/)/,
      name);
    assert.doesNotMatch(text, / (d|x|y|transform)="[^"]*\.\d{3}/, `${name}: hundredths of pixels`);
    assert.ok(text.length < 80000, `${name} has ${text.length} bytes`);
  }
}

// The same bytes again, and alone, where Plot's own counters stand elsewhere.
function check_same_bytes() {
  const before = Object.keys(samples).map((name) => statSync(join(folder, "drawn", `${name}.svg`)));
  assert.equal(draw(join(folder, "specs"), "drawn").status, 0);
  Object.keys(samples).forEach((name, i) => {
    const after = statSync(join(folder, "drawn", `${name}.svg`));
    assert.deepEqual([after.ino, after.mtimeMs], [before[i].ino, before[i].mtimeMs],
      `${name}: a file that would be the same is left alone`);
    assert.equal(draw(specs(`specs-${name}`, { [name]: samples[name] }), "alone").status, 0);
    assert.equal(drawn("alone", name), drawn("drawn", name), `${name}: the same bytes when alone`);
  });
  writeFileSync(join(folder, "alone", "curves.svg"), "of another time");
  assert.equal(draw(join(folder, "specs-curves"), "alone").status, 0);
  assert.equal(drawn("alone", "curves"), drawn("drawn", "curves"), "what has changed is written");
}

function check_refusals() {
  for (const [name, { spec, says }] of Object.entries(bad_specs)) {
    const result = draw(specs(`bad-${name}`, { good: samples.bars, [name]: spec }), `none-${name}`);
    assert.equal(result.status, 1, `${name} is refused`);
    assert.match(result.stderr, says, name);
    assert.ok(result.stderr.includes(`${name}.json: `), `${name}: the message names the file`);
    assert.equal(result.stderr.trim().split("\n").length, 1, `${name}: and only the bad one`);
    assert.throws(() => readdirSync(join(folder, `none-${name}`)), `${name}: nothing is written`);
  }
  const both = draw(specs("bad-both", { one: "{", two: "[]" }), "none-both");
  assert.match(both.stderr, /one\.json: .*\n.*two\.json: /, "all bad files are named");
  const places = { [specs("empty", {})]: /has no \*\.json/, [join(folder, "nowhere")]: /can't list/ };
  for (const [place, says] of Object.entries(places)) {
    const result = draw(place, "none-folder");
    assert.equal(result.status, 1);
    assert.match(result.stderr, says);
  }
  const alone = spawnSync(process.execPath, [program], { encoding: "utf8" });
  assert.equal(alone.status, 1);
  assert.match(alone.stderr, /^usage: node pictures\.mjs SPEC_FOLDER PICTURE_FOLDER\n$/);
}

const wrapped = (name, body) => {
  const path = resolve(folder, `${name}.html`);
  writeFileSync(path, `<!doctype html><html data-errors="0"><meta charset="utf-8">
<meta name="color-scheme" content="light dark"><style>body { margin: 0; }</style><body>${body}`);
  return pathToFileURL(path).href;
};

// As part of a page, where a script can look at what is inside.
async function check_inside(browser, name, fewest) {
  const tab = await browser.open(wrapped(`${name}-inside`, `${drawn("drawn", name)}
<script>document.documentElement.dataset.ready = "true"</script>`), { width: 900, height: 700 });
  for (const [selector, least] of Object.entries(fewest)) {
    const count = await tab.value(`document.querySelectorAll("${selector}").length`);
    assert.ok(count >= least, `${name} has ${count} of ${least} ${selector}`);
  }
  // What is clipped may reach beyond the frame.
  const outside = await tab.value(`(() => { const frame = document.querySelector("svg")
    .getBoundingClientRect(); return [...document.querySelectorAll("svg :is(text, path, rect, line, circle)")]
    .filter((node) => !node.closest("defs, clipPath, [clip-path]")).filter((node) => {
      const box = node.getBoundingClientRect();
      return box.left < frame.left || box.right > frame.right || box.top < frame.top
        || box.bottom > frame.bottom;
    }).map((node) => node.outerHTML.slice(0, 120)); })()`);
  assert.deepEqual(outside, [], `${name}: everything lies within the picture`);
  await check_apart(tab, name, "svg text");
  await check_layout(tab, name, 900);
  await check_quiet(tab, name);
  return tab;
}

// The checks above must be able to fail.
async function check_that_faults_show(tab, name) {
  await tab.value(`(() => { const [one, two] = document.querySelectorAll("svg .label text");
    two.replaceWith(one.cloneNode(true)); one.parentNode.append(one.cloneNode(true)); })()`);
  await assert.rejects(check_apart(tab, name, "svg text"), /labels cover each other/);
}

// As documentation shows it. A broken file has no size; the corner has the colour of the surface.
async function check_embedded(browser, name, dark) {
  const data = Buffer.from(drawn("drawn", name)).toString("base64");
  const tab = await browser.open(wrapped(`${name}-embedded`, `<img src="data:image/svg+xml;base64,${data}"
onload="document.documentElement.dataset.ready = 'true'">`), { width: 900, height: 700, dark });
  const where = `${name}, ${dark ? "dark" : "light"}`;
  const width = samples[name].width ?? 880;
  assert.equal(await tab.value("document.querySelector('img').naturalWidth"), width, where);
  const colour = await tab.value(`(() => { const image = document.querySelector("img");
    const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
    const context = canvas.getContext("2d"); context.drawImage(image, 0, 0);
    return [...context.getImageData(12, 4, 1, 1).data]; })()`);
  assert.deepEqual(colour, dark ? [0x14, 0x18, 0x1d, 255] : [255, 255, 255, 255], where);
  writeFileSync(join(folder, `${name}-${dark ? "dark" : "light"}.png`), await tab.screenshot("img"));
  await check_quiet(tab, where);
  await tab.close();
}

async function check_words(browser) {
  const tab = await browser.open(wrapped("words", `${drawn("drawn", "curves")}
<script>document.documentElement.dataset.ready = "true"</script>`), { width: 900, height: 700 });
  const text = (selector) => tab.value(`[...document.querySelectorAll("${selector}")].map((node) =>
    node.textContent)`);
  assert.deepEqual(await text("svg > title, svg > desc"), [samples.curves.title, samples.curves.summary]);
  assert.equal(await tab.value("document.querySelector('svg').getAttribute('role')"), "img");
  const names = samples.curves.panels.flatMap(({ series }) => series.map(({ name }) => name));
  assert.deepEqual(await text(".legend text"), [...new Set(names)], "each name is once in the legend");
  await tab.close();
}

check_files();
check_same_bytes();
check_refusals();
const browser = new Browser(chromium);
try {
  const marks = {
    curves: { ".curves .data path": 40, ".curves .rule line": 5, ".legend > svg": 7, "clipPath": 2 },
    direct: { ".curves .label text": 6, ".curves .data path": 12 },
    timeline: { ".compute rect": 12, ".cancelled rect": 3, ".idle rect": 3, ".version line": 6,
      ".number text": 4, ".timeline circle": 12, ".legend > svg": 6 },
    bars: { ".bars rect.data, .bars .data rect": 5, ".bars .data line": 4, ".bars .label text": 6 },
    grid: { ".grid rect.data, .grid .data rect": 39, ".grid .label text": 60, ".legend > svg": 8 },
    documented: { ".curves .data path": 6, ".cancelled rect": 1, ".version line": 2, ".bars .data line": 1,
      ".grid .data rect": 3 },
    narrow: { ".curves .data path": 3, ".grid .data rect": 4 },
  };
  assert.deepEqual(Object.keys(marks).sort(), Object.keys(samples).sort());
  for (const [name, fewest] of Object.entries(marks)) {
    const tab = await check_inside(browser, name, fewest);
    if (name === "bars") await check_that_faults_show(tab, name);
    await tab.close();
    for (const dark of [false, true]) await check_embedded(browser, name, dark);
  }
  await check_words(browser);
} finally {
  await browser.close();
}
