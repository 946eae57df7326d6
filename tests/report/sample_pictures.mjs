// Specs of pictures: every kind and every option, and what must be refused.

// A sequence that looks random and is the same everywhere.
function draws(seed) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

const names = ["sync", "K-async, K = 4", "K-sync, K = 4", "K-batch-async, K = 4", "K-batch-sync, K = 4",
  "async"];

function descents(seed, end = 100) {
  const draw = draws(seed);
  return names.map((name, color) => ({ name, color, points: Array.from({ length: 30 }, (_, i) => {
    const x = (i + 0.5) * end / 30;
    const y = 0.05 + 0.04 * color + 0.85 * Math.exp(-0.02 * (color + 1) * x) + 0.01 * draw();
    return [x, y, 0.9 * y, 1.1 * y];
  }) }));
}

const error = { label: "test error", percent: true };
const powers = [1, 2, 4, 8, 16];

const curves = {
  title: "Test error against time under three laws of the compute time, and what K has to do with it",
  summary: "Six panels of curves.",
  columns: 3,
  panels: [
    { kind: "curves", title: "exponential", x: { label: "time (s)" }, y: { ...error, scale: "log" },
      series: descents(1), rules: [{ y: 0.2, label: "target" }, { x: 30, label: "K grows" }] },
    { kind: "curves", title: "constant plus exponential, which is a longer title",
      x: { label: "time (s)", domain: [10, 60] }, y: { ...error, domain: [0.1, 0.5] },
      series: descents(2), rules: [{ y: 0.2 }] },
    { kind: "curves", x: { label: "updates", scale: "log" }, y: { label: "loss" },
      series: descents(3, 200000), rules: [{ x: 150000, label: "the end" }] },
    { kind: "curves", title: "Theory and measurement", x: { label: "K", scale: "log" },
      y: { label: "time per update", scale: "log" }, series: [
        { name: "K-sync, theory", color: 2, dashed: true, points: powers.map((k) => [k, 0.1 * k]) },
        { name: "K-sync, measured", color: 2, mark: "dots",
          points: powers.map((k) => [k, 0.11 * k, 0.09 * k, 0.13 * k]) }] },
    { kind: "curves", title: "Steps and gaps", x: { label: "time (s)" }, y: { label: "K" }, series: [
      { name: "AdaSync", color: 6, mark: "steps", points: [[0, 1], [13, 2], [25, 3], [50, 5], [90, 5]] },
      { name: "pilot", color: 7, mark: "line+dots", points: [[0, 4], [20, 4.2], [40, null, null, null],
        [60, 3], [90, 2.2]] }], rules: [{ y: 3, label: "" }] },
    { kind: "curves", title: "One point, a thin strip, a tiny number", x: { label: "gradients" },
      y: { label: "loss", scale: "log" }, series: [{ name: "single", color: 1, points: [[3e6, 2e-7]] },
        { name: "wide", color: 3, points: [[0, 9], [1e6, 1e-3, -1, 1e-2], [4e6, 1e-9]] }] },
  ],
};

const direct = {
  title: "Names beside the curves",
  summary: "One panel, wide enough for names.",
  panels: [{ kind: "curves", x: { label: "virtual time" }, y: { ...error, scale: "log" },
    series: descents(4), rules: [{ y: 0.2, label: "target 20 %" }, { x: 40, label: "switch" }] }],
};

const timeline = {
  title: "What three workers do",
  summary: "K-sync cancels, async is stale.",
  panels: [
    { kind: "timeline", title: "K-sync, K = 2", workers: 3, to: 8, x: { label: "time (s)" },
      spans: [0, 2, 4, 6].flatMap((at, i) => [[i % 3, "compute", at, at + 1.2],
        [i % 3, "idle", at + 1.2, at + 2], [(i + 1) % 3, "compute", at, at + 2],
        [(i + 2) % 3, "cancelled", at, at + 2]]).concat([[0, "compute", 8, 9]]),
      updates: [2, 4, 6, 8, 10],
      arrows: [0, 2, 4, 6].flatMap((at, i) => [[i % 3, at + 1.2, at + 2, 0],
        [(i + 1) % 3, at + 2, at + 2, 0]]) },
    { kind: "timeline", title: "async", workers: 3, to: 8,
      spans: [0, 1, 2].flatMap((worker) => [0, 1, 2].map((job) => [worker, "compute",
        job * (2 + worker / 4), Math.min(8, (job + 1) * (2 + worker / 4))])),
      updates: [2, 2.25, 2.3, 2.5, 4, 4.5, 5, 6, 6.75, 7.5],
      arrows: [[0, 2, 2, 0], [1, 2.25, 2.25, 1], [2, 2.5, 2.5, 2], [0, 4, 4, 2], [1, 4.5, 4.5, 2]] },
  ],
};

const bars = {
  title: "Speed-up over sync",
  summary: "Bars with intervals, one of them missing.",
  columns: 2,
  panels: [
    { kind: "bars", title: "Time", x: { label: "speed-up" }, bars: names.map((name, i) => (i === 3
      ? { name, color: i, value: null, text: "missed the target" }
      : { name, color: i, value: 1 + 0.6 * i, low: 0.8 + 0.5 * i, high: 1.2 + 0.8 * i,
        text: `${(1 + 0.6 * i).toFixed(2)}\u00d7` })) },
    { kind: "bars", title: "", x: { label: "change of the error", percent: true }, bars: [
      { name: "better", color: 5, value: -0.12, low: null,
        high: null, text: "" }, { name: "worse & <odd>", color: 1, value: 0.2,
        text: "a long remark behind a bar" }] },
  ],
};

const laws = ["exponential", "constant", "pareto(1.5)", "pareto(2.5)", "gamma(4)", "uniform",
  "one straggler", "two groups"];
const winners = ["sync", "k-async(4)", "k-sync(4)", "k-batch-async(4)", "k-batch-sync(12)", "async",
  "adasync", "auto"];

const grid = {
  title: "Which variant wins",
  summary: "Eight laws by five numbers of workers.",
  panels: [{ kind: "grid", title: "Fastest to the target", x: { label: "workers" }, y: { label: "law" },
    columns: ["4", "8", "16", "32", "64"], rows: laws,
    cells: Array.from({ length: 39 }, (_, i) => ({ row: Math.floor(i / 5), column: i % 5,
      ...(i === 12 ? { text: "no winner" } : { color: (3 * i) % 8, text: winners[(3 * i) % 8] }),
      ...(i % 7 ? { note: `${1 + (i % 4)}.4\u00d7` } : {}) })),
    legend: winners.map((name, color) => ({ name: name.split("(")[0], color })) }],
};

const narrow = {
  title: "A picture that is less wide",
  summary: "Two panels at 420 pixels.",
  width: 420,
  panels: [
    { kind: "curves", x: { label: "time (s)" }, y: { label: "loss of the training set, averaged over seeds" },
      series: descents(5).slice(0, 3) },
    { kind: "grid", x: { label: "a" }, y: { label: "b" }, columns: ["1", "2", "3", "4", "5", "6"],
      rows: ["a very long name of a row", "s"], cells: Array.from({ length: 12 }, (_, i) => ({ row: i % 2,
        column: i >> 1, color: i % 8, text: "k-async(4)", note: "2\u00d7" })) }],
};

export const samples = { curves, direct, timeline, bars, grid, narrow };

const broken = (sample, edit) => {
  const spec = structuredClone(sample);
  edit(spec, spec.panels[0]);
  return spec;
};

// says: the member and what is wrong with it.
export const bad_specs = {
  "no-json": { spec: "{", says: /can't be read as JSON/ },
  "no-object": { spec: "[]", says: /must be an object, not \[\]/ },
  "no-title": { spec: broken(grid, (spec) => { delete spec.title; }), says: /: title: is missing$/m },
  "no-panel": { spec: broken(grid, (spec) => { spec.panels = []; }),
    says: /: panels: must be a list of at least 1, not \[\]/ },
  "no-column": { spec: broken(grid, (spec) => { spec.columns = 0; }),
    says: /: columns: must be a whole number from 1 to 6, not 0/ },
  kind: { spec: broken(grid, (_, panel) => { panel.kind = "pie"; }),
    says: /panels\[0\]\.kind: must be one of "curves", "timeline", "bars", "grid", not "pie"/ },
  typo: { spec: broken(curves, (_, panel) => { panel.series[1].colour = 2; }),
    says: /panels\[0\]\.series\[1\]\.colour: is not known here; known: name, color/ },
  colour: { spec: broken(curves, (_, panel) => { panel.series[1].color = 8; }),
    says: /panels\[0\]\.series\[1\]\.color: must be a whole number from 0 to 7, not 8/ },
  point: { spec: broken(curves, (_, panel) => { panel.series[0].points[2] = [1, 2, 3]; }),
    says: /series\[0\]\.points\[2\]: must be \[x, y\] or \[x, y, low, high\], not \[1,2,3\]/ },
  band: { spec: broken(curves, (_, panel) => { panel.series[0].points[2] = [1, 2, 3, 1]; }),
    says: /series\[0\]\.points\[2\]: low is 3, above high, which is 1/ },
  "no-point": { spec: broken(curves, (_, panel) => { panel.series[0].points = [[1, null]]; }),
    says: /series\[0\]\.points: has no point with a y/ },
  log: { spec: broken(curves, (_, panel) => { panel.series[0].points[2] = [1, 0]; }),
    says: /series\[0\]\.points\[2\]: y: is 0, for which a logarithmic axis has no place/ },
  domain: { spec: broken(curves, (spec) => { spec.panels[1].x.domain = [3, 3]; }),
    says: /panels\[1\]\.x\.domain: must rise/ },
  rule: { spec: broken(curves, (_, panel) => { panel.rules[0].x = 1; }),
    says: /rules\[0\]: must have either x or y/ },
  "rule-outside": { spec: broken(curves, (spec) => { spec.panels[1].rules[0].y = 0.7; }),
    says: /panels\[1\]\.rules\[0\]\.y: is 0\.7, outside of the axis, which shows 0\.1 to 0\.5/ },
  worker: { spec: broken(timeline, (_, panel) => { panel.spans[1][0] = 3; }),
    says: /panels\[0\]\.spans\[1\]\[0\]: is worker 3, but the workers are 0 to 2/ },
  span: { spec: broken(timeline, (_, panel) => { panel.spans[1] = [0, "idle", 2, 1]; }),
    says: /panels\[0\]\.spans\[1\]: goes from 2 to 1, which is not forward in time/ },
  whisker: { spec: broken(bars, (_, panel) => { delete panel.bars[0].low; }),
    says: /panels\[0\]\.bars\[0\]: has only one of low and high/ },
  cell: { spec: broken(grid, (_, panel) => { panel.cells[0].column = 5; }),
    says: /panels\[0\]\.cells\[0\]\.column: is 5, but there are 5 columns/ },
  twice: { spec: broken(grid, (_, panel) => { panel.cells[1] = { ...panel.cells[0] }; }),
    says: /panels\[0\]\.cells\[1\]: is a second one for row 0, column 0/ },
  control: { spec: broken(grid, (spec) => { spec.title = "a\u0007"; }),
    says: /title: must be a text of one line/ },
};
