// Mean and standard error over seeds of one policy's curves.
import { deviation, mean } from "d3";

const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

// Points where fewer than half of the seeds have a value are left out: a mean over the few that are
// left would jump. `x` is time, update or compute; all seeds are evaluated at the same times.
export function mean_curve(curves, x, y) {
  const length = Math.max(0, ...curves.map((curve) => curve[x].length));
  const points = [];
  for (let i = 0; i < length; ++i) {
    const seen = curves.filter((curve) => known(curve[x][i]) && known(curve[y][i]));
    if (seen.length === 0 || 2 * seen.length < curves.length) continue;
    const value = mean(seen, (curve) => curve[y][i]);
    const error = seen.length < 2 ? 0
      : deviation(seen, (curve) => curve[y][i]) / Math.sqrt(seen.length);
    points.push({
      x: mean(seen, (curve) => curve[x][i]), y: value, low: value - error, high: value + error,
      error, seeds: seen.length,
    });
  }
  return points;
}

// Which column the race is about: analytic workloads have no test error, only F - F*.
export function choose_metric(race) {
  const has = (column) => column && race.settings.some((setting) => setting.policies.some((policy) =>
    policy.curves.some((curve) => curve[column]?.some(known))));
  const wanted = race.target?.metric;
  const columns = ["test_error", "test_loss", "train_loss", "train_error"];
  const column = has(wanted in labels ? wanted : "") ? wanted : columns.find(has) ?? "test_error";
  return { column, label: labels[column], word: labels[column].split(" ").at(-1),
    fraction: column.endsWith("_error"), target: column === wanted ? race.target?.value ?? null : null };
}

const labels = { test_error: "Test error", test_loss: "Test loss", train_loss: "Training loss",
  train_error: "Training error" };
