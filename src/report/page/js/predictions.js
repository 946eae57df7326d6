// What a plan's document says of its candidates, as the charts need it.
import { family_look } from "./policies.js";

export const known = (value) => value !== null && value !== undefined && Number.isFinite(value);

// Whether floors and times to the target were predicted, or only the fleet is known.
export const is_modelled = (plan) => plan.candidates.some(({ error_floor: floor }) => floor > 0);

export const step_sizes = (plan) => [...new Set(plan.candidates.map((one) => one.step_size))]
  .sort((a, b) => a - b);

export const is_choice = (plan, { policy, step_size }) => policy === plan.recommendation.policy
  && step_size === plan.recommendation.step_size;

const plain = (name) => name.replaceAll(/\s/g, "");

// The candidate that a policy of a race is: the same text and, to rounding, the same step size.
export function prediction_of(plan, { name, step_size }) {
  return plan.candidates.find((one) => plain(one.policy) === plain(name)
    && Math.abs(one.step_size - step_size) <= 1e-5 * step_size);
}

// Where a candidate lies between fast and exact. With a model of the workload: time per update and
// error floor. Without: what a step costs if the gradients had no noise, and what one gradient costs.
export function place(plan, candidate) {
  const { runtime_per_update: { value: time }, error_floor: floor, staleness, k } = candidate;
  const [x, y] = is_modelled(plan) ? [time, floor] : [time * (1 + staleness), time / k];
  return candidate.stable && x > 0 && y > 0 && known(x) && known(y)
    ? { candidate, x, y, ...family_look(candidate.policy) } : null;
}

// Points that no other is left of and below.
export function frontier(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  let lowest = Infinity;
  return sorted.filter((point) => point.y < lowest && ((lowest = point.y), true));
}
