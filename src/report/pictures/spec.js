// What a spec is: the members of a picture and of every kind of panel.
import { flag, list, number, object, one_of, or_null, positive, row, text, text_or_none,
  whole } from "./schema.js";
import { check_bars, check_curves, check_grid, check_timeline, interval, point } from "./spec_rules.js";

const color = whole(0, 7);
const worker = whole(0, Infinity);
const named = object({ label: text });
const axis = object({ label: text },
  { scale: one_of("linear", "log"), percent: flag, domain: interval });

const kinds = {
  curves: [object({ kind: text, x: axis, y: axis, series: list(object(
    { name: text, color, points: list(point, 1) },
    { dashed: flag, mark: one_of("line", "dots", "steps", "line+dots") }), 1) }, {
    title: text_or_none,
    rules: list(object({}, { x: number, y: number, label: text_or_none })),
  }), check_curves],
  timeline: [object({ kind: text, workers: whole(1, 24), to: positive, spans: list(row(
    "[worker, kind, begin, end]", worker, one_of("compute", "idle", "cancelled"), number, number), 1) }, {
    title: text_or_none, x: named, updates: list(number),
    arrows: list(row("[worker, push, update, staleness]", worker, number, number, whole(0, Infinity))),
  }), check_timeline],
  bars: [object({ kind: text, x: object({ label: text }, { percent: flag }), bars: list(object(
    { name: text, color, value: or_null(number) },
    { low: or_null(number), high: or_null(number), text: text_or_none }), 1) },
  { title: text_or_none }), check_bars],
  grid: [object({ kind: text, x: named, y: named, columns: list(text, 1), rows: list(text, 1),
    cells: list(object({ row: whole(0, Infinity), column: whole(0, Infinity), text },
      { color, note: text_or_none })) }, {
    title: text_or_none, legend: list(object({ name: text, color })),
  }), check_grid],
};

function panel(value, path) {
  const kind = value?.kind;
  one_of(...Object.keys(kinds))(kind, `${path}.kind`);
  const [shape, rules] = kinds[kind];
  shape(value, path);
  rules(value, path);
}

export function check_spec(spec) {
  object({ title: text, summary: text, panels: list(panel, 1) },
    { columns: whole(1, 6), width: whole(320, 2000) })(spec, "");
}
