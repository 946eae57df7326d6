// Numbers as people read them. A missing value is a dash.
const none = "\u2013";
const known = (value) => value !== null && value !== undefined && Number.isFinite(value);
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export function number(value, digits = 3) {
  if (!known(value)) return none;
  if (value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)) {
    return value.toExponential(Math.max(0, digits - 1));
  }
  if (Math.abs(value) >= 1000) return grouped.format(value);
  return String(Number(value.toPrecision(digits)));
}

export function percent(value, places = 1) {
  if (!known(value)) return none;
  if (value > 0 && value < 0.5 * 10 ** (-2 - places)) return `<${10 ** -places}\u202f%`;
  return `${(100 * value).toFixed(places)}\u202f%`;
}

// The mean with decimals to match its error: 41.3 ± 0.9, not 41.27 ± 0.91324.
export function with_error(mean, stderr) {
  if (!known(mean)) return none;
  if (!known(stderr) || stderr === 0) return number(mean);
  const places = Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(stderr))));
  return `${fixed(mean, places)} \u00b1 ${fixed(stderr, places)}`;
}

const fixed = (value, places) =>
  new Intl.NumberFormat("en", { minimumFractionDigits: places, maximumFractionDigits: places })
    .format(value);

// On axes, where digits that say nothing only take room.
export const percent_tick = (value) => `${Number((100 * value).toPrecision(3))}\u202f%`;

export function compact(value) {
  if (value >= 1e4) return new Intl.NumberFormat("en", { notation: "compact" }).format(value);
  if (value > 0 && value < 1e-4) return Number(value.toPrecision(3)).toExponential();
  return number(value);
}

export function speedup(value) {
  if (!value) return none;
  const ratio = `${value.value.toFixed(2)}\u00d7`;
  if (!known(value.lower) || !known(value.upper)) return ratio;
  return `${ratio} (${value.lower.toFixed(2)} to ${value.upper.toFixed(2)})`;
}

export function duration(seconds) {
  if (seconds < 120) return `${number(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function bytes(count) {
  const step = Math.min(3, Math.max(0, Math.floor(Math.log10(count) / 3)));
  return `${number(count / 1000 ** step)} ${["bytes", "kB", "MB", "GB"][step]}`;
}

export function plural(count, word) {
  return `${number(count)} ${word}${count === 1 ? "" : "s"}`;
}
