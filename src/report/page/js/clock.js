// What a run's times are: virtual, in the units of its delay laws, or seconds of a real fleet.
import { duration, number } from "./format.js";

export const is_real = ({ config }) => (config.fleet?.kind ?? "virtual") !== "virtual";

export function clock(race) {
  return is_real(race)
    ? { name: "time", unit: "seconds", axis: "Wall-clock seconds \u2192", short_axis: "Seconds \u2192",
      to_target: "Seconds to target \u2192", compute: "Worker seconds spent computing \u2192",
      every: (interval) => `evaluated every ${number(interval)} s` }
    : { name: "virtual time", unit: "virtual time",
      axis: "Virtual time (units of the delay law) \u2192", short_axis: "Virtual time \u2192",
      to_target: "Virtual time to target \u2192", compute: "Worker time spent computing \u2192",
      every: (interval) => `evaluated every ${number(interval)} units of virtual time` };
}

// How long all of it took. A log does not say; on a real fleet it is the time of its last event.
export function took(race) {
  const seconds = race.seconds > 0 ? race.seconds : is_real(race) ? race.elapsed : 0;
  return seconds > 0 ? `took ${duration(seconds)}` : null;
}
