// What every page of the report must pass, and how the tests make pages of changed documents.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const views = [
  { name: "light", width: 1280, height: 900 },
  { name: "dark", width: 1280, height: 900, dark: true },
  { name: "phone", width: 390, height: 844, phone: true },
  { name: "small-phone-dark", width: 360, height: 740, phone: true, dark: true },
];

// Shapes with an extent: an empty path or a bar of no width has drawn nothing.
export const count_marks = (id, kind = "data") => `(() => {
  const shapes = document.querySelectorAll("#${id} svg .${kind} :is(path, rect, line, circle)");
  return [...shapes].filter((shape) => {
    const box = shape.getBBox();
    return shape.tagName === "rect" ? box.width * box.height > 0 : box.width + box.height > 0;
  }).length;
})()`;

// charts: the id of each and the fewest shapes that a full drawing of it consists of.
export async function check_drawn(tab, where, charts) {
  for (const [id, fewest] of Object.entries(charts)) {
    const marks = await tab.value(count_marks(id));
    assert.ok(marks >= fewest, `${where}: chart ${id} has drawn ${marks} of ${fewest} marks`);
    const text = await tab.value(
      `document.querySelector("#${id} .plot svg").getAttribute("aria-label")`);
    assert.ok(text.length > 40, `${where}: chart ${id} has a text alternative`);
    const bad = await tab.value(`/NaN|undefined|Infinity/.test(
      document.querySelector("#${id}").outerHTML)`);
    assert.equal(bad, false, `${where}: chart ${id} shows NaN, undefined or Infinity`);
  }
}

export async function check_quiet(tab, where) {
  await tab.settle();
  assert.deepEqual(tab.console, [], `${where}: the console is empty`);
  assert.equal(await tab.value("document.documentElement.dataset.errors"), "0", where);
  const foreign = tab.requests.filter((url) => !/^(file|about|blob|data):/.test(url));
  assert.deepEqual(foreign, [], `${where}: nothing is requested from a network`);
}

export async function check_layout(tab, where, width) {
  // Not innerWidth: a phone widens it to whatever overflows.
  const scroll = await tab.value("document.documentElement.scrollWidth");
  assert.ok(scroll <= width, `${where}: page is ${scroll} px wide in a window of ${width}`);
  const small = await tab.value(`[...document.querySelectorAll("svg text")].filter((node) =>
    node.textContent.trim() && parseFloat(getComputedStyle(node).fontSize) < 10).length`);
  assert.equal(small, 0, `${where}: no label is smaller than 10 px`);
}

// Names and numbers beside points cover no other ones.
export const check_labels = (tab, where, id) => check_apart(tab, `${where}, ${id}`,
  `#${id} svg .label text`);

export async function check_apart(tab, where, selector) {
  const covered = await tab.value(`(() => {
    const boxes = [...document.querySelectorAll("${selector}")].map((node) =>
      ({ text: node.textContent, box: node.getBoundingClientRect() }));
    return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
      Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 2
      && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4)
      .map((b) => a.text + " and " + b.text));
  })()`);
  assert.deepEqual(covered, [], `${where}: labels cover each other`);
}

// Everything that opens has rows.
export async function check_tables(tab, where) {
  await tab.value("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
  await tab.settle();
  const empty = await tab.value(`[...document.querySelectorAll("details")].filter((one) =>
    one.querySelectorAll("tbody tr").length === 0).map((one) => one.textContent)`);
  assert.deepEqual(empty, [], `${where}: every table that opens has rows`);
}

// The page of a document that `edit` has changed.
export function edited_page(file, folder, name, edit) {
  const parts = readFileSync(file, "utf8").split(/(<script type="application\/json" id="document">)/);
  const end = parts[2].indexOf("</script>");
  const race = JSON.parse(parts[2].slice(0, end));
  edit(race);
  const path = resolve(folder, `${name}.html`);
  writeFileSync(path, parts[0] + parts[1] + JSON.stringify(race) + parts[2].slice(end));
  return pathToFileURL(path).href;
}

// The changed page draws these charts, in the dark and on a phone.
export async function check_variant(browser, file, folder, name, edit, ids) {
  for (const view of views.slice(1, 3)) {
    const tab = await browser.open(edited_page(file, folder, name, edit), view);
    await tab.settle();
    const where = `${name}, ${view.name}`;
    for (const id of ids) {
      assert.ok(await tab.value(count_marks(id)) >= 1, `${where}: chart ${id} has drawn its data`);
    }
    assert.equal(await tab.value("/NaN|undefined|Infinity/.test(document.querySelector('main')"
      + ".outerHTML)"), false, `${where} shows NaN, undefined or Infinity`);
    await check_layout(tab, where, view.width);
    await check_quiet(tab, where);
    writeFileSync(join(folder, `${name}-${view.name}.png`), await tab.screenshot("body"));
    await tab.close();
  }
}
