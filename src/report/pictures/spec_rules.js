// What the members of a panel must be to each other.
import { number, or_null, refuse, row } from "./schema.js";

export function interval(value, path) {
  row("[from, to]", number, number)(value, path);
  if (value[0] >= value[1]) refuse(path, `must rise, but ${value[0]} is not below ${value[1]}`);
}

export function point(value, path) {
  const maybe = or_null(number);
  row("[x, y] or [x, y, low, high]", number, maybe, ...(value?.length === 4 ? [maybe, maybe] : []))(value,
    path);
  check_range(value[2], value[3], path);
}

export function check_curves({ x, y, series, rules = [] }, path) {
  series.forEach(({ points }, i) => {
    const at = `${path}.series[${i}].points`;
    if (points.every(([, value]) => value === null)) refuse(at, "has no point with a y");
    points.forEach(([across, up], j) => {
      check_log(x, across, `${at}[${j}]: x`);
      check_log(y, up, `${at}[${j}]: y`);
    });
  });
  rules.forEach((rule, i) => {
    const at = `${path}.rules[${i}]`;
    if (("x" in rule) === ("y" in rule)) refuse(at, "must have either x or y");
    for (const [name, axis] of Object.entries({ x, y })) {
      if (!(name in rule)) continue;
      check_log(axis, rule[name], `${at}.${name}`);
      const [low, high] = axis.domain ?? [-Infinity, Infinity];
      if (rule[name] < low || rule[name] > high) {
        refuse(`${at}.${name}`, `is ${rule[name]}, outside of the axis, which shows ${low} to ${high}`);
      }
    }
  });
  check_log(x, x.domain?.[0], `${path}.x.domain[0]`);
  check_log(y, y.domain?.[0], `${path}.y.domain[0]`);
}

function check_log({ scale }, value, path) {
  if (scale === "log" && typeof value === "number" && value <= 0) {
    refuse(path, `is ${value}, for which a logarithmic axis has no place`);
  }
}

export function check_timeline({ workers, spans, updates = [], arrows = [] }, path) {
  const check_worker = (worker, at) => {
    if (worker >= workers) refuse(at, `is worker ${worker}, but the workers are 0 to ${workers - 1}`);
  };
  spans.forEach(([worker, , begin, end], i) => {
    check_worker(worker, `${path}.spans[${i}][0]`);
    if (begin < 0 || end < begin) {
      refuse(`${path}.spans[${i}]`, `goes from ${begin} to ${end}, which is not forward in time from 0`);
    }
  });
  updates.forEach((time, i) => {
    if (time < 0) refuse(`${path}.updates[${i}]`, `is ${time}, before the start`);
  });
  arrows.forEach(([worker, push, update], i) => {
    check_worker(worker, `${path}.arrows[${i}][0]`);
    if (push < 0 || update < push) {
      refuse(`${path}.arrows[${i}]`, `leads from ${push} to ${update}, which is not forward in time from 0`);
    }
  });
}

export function check_bars({ bars }, path) {
  bars.forEach(({ low, high }, i) => check_range(low, high, `${path}.bars[${i}]`));
}

function check_range(low = null, high = null, path) {
  if ((low === null) !== (high === null)) refuse(path, "has only one of low and high");
  if (low !== null && low > high) refuse(path, `low is ${low}, above high, which is ${high}`);
}

export function check_grid({ columns, rows, cells }, path) {
  const taken = new Set();
  cells.forEach(({ row: down, column }, i) => {
    const at = `${path}.cells[${i}]`;
    if (down >= rows.length) refuse(`${at}.row`, `is ${down}, but there are ${rows.length} rows`);
    if (column >= columns.length) {
      refuse(`${at}.column`, `is ${column}, but there are ${columns.length} columns`);
    }
    const place = `row ${down}, column ${column}`;
    if (taken.has(place)) refuse(at, `is a second one for ${place}`);
    taken.add(place);
  });
}
