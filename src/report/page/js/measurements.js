// What a race measured of one policy, with its interval: 95 %, from the spread over seeds.
import { deviation, mean } from "d3";
import { known } from "./predictions.js";

// Student's factor for n - 1 degrees of freedom, n the number of seeds.
const factors = [NaN, NaN, 12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];
const factor = (seeds) => factors[seeds] ?? 1.96 + 2.5 / seeds;

function estimate(values) {
  if (values.length === 0) return null;
  const value = mean(values);
  const half = values.length < 2 ? null
    : (factor(values.length) * deviation(values)) / Math.sqrt(values.length);
  return half === null ? { value, lower: null, upper: null }
    : { value, lower: value - half, upper: value + half };
}

// Only where every seed reached the target: a mean over the lucky ones would flatter.
export function measured_time({ time_to_target: { reached, runs, per_seed } }) {
  return reached === runs ? estimate(per_seed.filter(known)) : null;
}

export const measured_update = ({ curves }) => estimate(curves.map(({ time, update }) => {
  const last = update.findLastIndex((value, i) => value > 0 && time[i] > 0);
  return last < 0 ? NaN : time[last] / update[last];
}).filter(known));

// The loss that the model of a plan speaks of: over the training data where it is known.
export function loss_column(curves) {
  return ["train_loss", "test_loss"].find((column) =>
    curves.some((curve) => curve[column].some(known)));
}

// The mean over the last tenth of the race: the floor, if the loss has stopped falling.
export function measured_floor({ curves }) {
  const column = loss_column(curves);
  if (!column) return null;
  return estimate(curves.map((curve) => {
    const values = curve[column].slice(-Math.ceil(curve[column].length / 10)).filter(known);
    return values.length > 0 ? mean(values) : NaN;
  }).filter(known));
}
