// topology_test.mjs CHROMIUM SAMPLE_PAGE FOLDER
// Opens pages of runs without a server in headless Chromium: the graph has every node and edge, the
// faulty ones and the worst are marked, the table has the document's numbers, no label covers another;
// in light and dark, on a desk and a phone. Screenshots are left in FOLDER.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Browser } from "./browser.mjs";
import { check_apart, check_drawn, check_layout, check_quiet, check_tables, count_marks, edited_page,
  views } from "./page_checks.mjs";

const [chromium, sample_page, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
execFileSync(sample_page, [folder]);
const sample = resolve(folder, "sample.html");

const ring = (count) => Array.from({ length: count }, (_, i) => [i, (i + 1) % count]
  .sort((a, b) => a - b));
const torus = (rows, columns) => Array.from({ length: rows * columns }, (_, i) => {
  const row = Math.floor(i / columns), column = i % columns;
  return [[i, ((row + 1) % rows) * columns + column], [i, row * columns + (column + 1) % columns]];
}).flat();
// Each pair with probability about a half, the same at every call.
const random = (count) => Array.from({ length: count }, (_, i) => i).flatMap((i) =>
  Array.from({ length: i }, (_, j) => [j, i]).filter(([a, b]) => (7 * a * a + 13 * b + a * b) % 11 < 5));

// The sample as a run without a server.
function make_nodes(race, { policy, edges, count, faulty = [], final = "test_error" }) {
  const [setting] = race.settings;
  const [, , , one] = setting.policies;
  Object.assign(race, { kind: "run", title: policy, target: null, grid: null, seeds: [1],
    workers: count, settings: [setting] });
  Object.assign(setting, { step_sizes: "given", policies: [one], tuning: null,
    verdict: { winner: null, text: "One run." } });
  Object.assign(one, { policy, curves: one.curves.slice(0, 1), speedup_vs_sync: null,
    time_to_target: { mean: null, stderr: null, reached: 0, runs: 1, per_seed: [null] } });
  race.nodes = { edges, faulty, final: final && Array.from({ length: count }, (_, node) =>
    (faulty.includes(node) ? null : { test_error: null, test_loss: 0.5 + (node % 9) / 50,
      [final]: 0.18 + ((5 * node) % 17) / 300 })) };
}

const cases = {
  random: { policy: "bridge(b=2, topology=random(p=0.5))", edges: random(20), count: 20, faulty: [0, 1] },
  torus: { policy: "dgd(topology=torus(rows=4, columns=6))", edges: torus(4, 6), count: 24,
    faulty: [7], final: "test_loss" },
  "flat-torus": { policy: "dgd(topology=torus(columns=9, rows=2))", edges: torus(2, 9)
    .filter(([a, b], i, all) => all.findIndex(([c, d]) => c + d === a + b && c * d === a * b) === i),
  count: 18 },
  ring: { policy: "ad-psgd", edges: ring(120), count: 120, faulty: [3, 50], final: null },
  pair: { policy: "dgd(topology=complete)", edges: [[0, 1]], count: 2 },
};

const marks = (tab, kind) => tab.value(count_marks("topology", kind));
const labels = "#topology svg [aria-label=text] text";

async function check_graph(tab, where, { edges, count, faulty = [], final = "test_error", policy }) {
  // An edge around the back of a torus has two ends; with two places there is no back.
  const [rows, columns] = ["rows", "columns"].map((name) => Number(policy.match(
    new RegExp(`${name}=(\\d+)`))?.[1] ?? 0));
  const split = (rows > 2 ? columns : 0) + (columns > 2 ? rows : 0);
  assert.equal(await marks(tab), edges.length + split + count + (final ? 1 : 0),
    `${where}: every edge and node is drawn, and a ring around the worst`);
  assert.equal(await tab.value(`document.querySelectorAll("#topology [fill='url(#hatch)'] path, "
    + "#topology path[fill='url(#hatch)']").length`), faulty.length, `${where}: faulty nodes are hatched`);
  await check_drawn(tab, where, { topology: count });
  await check_apart(tab, where, labels);
  const texts = await tab.value(`document.querySelectorAll("${labels}").length`);
  assert.equal(texts, count > 60 ? 0 : count, `${where}: nodes have their number where there is room`);

  await check_tables(tab, where);
  const rows_shown = await tab.value(`[...document.querySelectorAll("#topology .numbers tbody tr")]
    .map((row) => [...row.children].map((cell) => cell.textContent))`);
  assert.equal(rows_shown.length, count, where);
  const { nodes } = await tab.value("JSON.parse(document.getElementById('document').textContent)");
  const value = (node) => (final && nodes.final[node]?.[final]) ?? -1;
  const highest = Math.max(...rows_shown.map((_, node) => value(node)));
  for (const [node, [name, kind, neighbours, bad]] of rows_shown.entries()) {
    const heard = edges.filter((edge) => edge.includes(node)).map(([a, b]) => (a === node ? b : a));
    assert.equal(name, `${node}`);
    assert.equal(Number(neighbours), heard.length, `${where}: neighbours of node ${node}`);
    assert.equal(Number(bad), heard.filter((other) => faulty.includes(other)).length, where);
    const worst = final && rows_shown.findIndex((_, other) => value(other) === highest) === node;
    assert.equal(kind, faulty.includes(node) ? "faulty" : worst ? "honest, the worst" : "honest", where);
  }
}

// The strongest shade is that of the worst node, the weakest that of the best.
async function check_shades(tab, where, { count }) {
  const shades = await tab.value(`[...document.querySelectorAll("#topology [aria-label=dot].data "
    + "circle[fill-opacity]")].map((one) => Number(one.getAttribute("fill-opacity")))`);
  const { nodes } = await tab.value("JSON.parse(document.getElementById('document').textContent)");
  const errors = nodes.final.filter(Boolean).map((one) => one.test_error);
  assert.equal(shades.length, count - nodes.faulty.length, where);
  for (const pick of [Math.min, Math.max]) {
    assert.equal(shades.indexOf(pick(...shades)), errors.indexOf(pick(...errors)), where);
  }
}

async function check_tooltip(tab, where) {
  const at = await tab.value(`(() => { const node = document.querySelector("${labels}");
    node.scrollIntoView({ block: "center" }); const box = node.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`);
  await tab.send("Input.dispatchMouseEvent", { type: "mouseMoved", ...at });
  await tab.until("/node 2.*neighbours.*faulty/.test(document.querySelector("
    + "'#topology [aria-label=tip]').textContent)");
  await check_quiet(tab, `${where}, tooltip`);
}

// A graph that is left out of the page because it has too many edges.
async function check_without_edges(browser) {
  const url = edited_page(sample, folder, "no-edges", (race) => {
    make_nodes(race, { policy: "dgd(topology=complete)", edges: [], count: 100 });
    Object.assign(race.nodes, { edges: null, edge_count: 4950 });
  });
  const tab = await browser.open(url, views[0]);
  await tab.settle();
  assert.equal(await marks(tab), 101, "nodes are drawn without their edges");
  assert.match(await tab.value("document.querySelector('#topology').textContent"),
    /100 nodes, 4,950 edges\.[^]*too many edges to draw/);
  await check_quiet(tab, "no edges");
  await tab.close();
}

const browser = new Browser(chromium);
try {
  for (const [name, one] of Object.entries(cases)) {
    const url = edited_page(sample, folder, name, (race) => make_nodes(race, one));
    for (const view of views) {
      const where = `${name}, ${view.name}`;
      const tab = await browser.open(url, view);
      await tab.settle();
      writeFileSync(join(folder, `${name}-${view.name}.png`), await tab.screenshot("body"));
      await check_graph(tab, where, one);
      if (name === "random") {
        await check_shades(tab, where, one);
        await check_tooltip(tab, where);
      }
      await check_layout(tab, where, view.width);
      await check_quiet(tab, where);
      await tab.close();
    }
  }
  await check_without_edges(browser);
} finally {
  await browser.close();
}
