// What an interruption has left undone.

// Whether a policy has not made all of its runs to their end, so that it may still meet the target.
export function unfinished(policy, { race, setting }) {
  if (!race.interrupted) return false;
  const { time } = race.config.stop ?? {};
  // The last evaluation is less than one interval from the end, which only a limit of time tells.
  const end = time > 0 ? time - (setting.grid?.interval ?? race.grid?.interval ?? 0) : Infinity;
  const cut = ({ seed, time: times }) => (times.at(-1) ?? 0) < end * 0.999
    && !policy.diverged.some((run) => run.seed === seed);
  return policy.curves.length < race.seeds.length || policy.curves.some(cut);
}

// "5", or "1 to 5 of 5" where not all seeds ran under every policy.
export function seeds_run({ policies }, race) {
  const counts = policies.map((policy) => policy.curves.length);
  const fewest = Math.min(...counts), most = Math.max(...counts), all = race.seeds.length;
  if (fewest === all) return `${all}`;
  return `${fewest === most ? most : `${fewest} to ${most}`} of ${all}`;
}
