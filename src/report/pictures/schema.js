// What plain data has to look like. A check is called with a value and its path, and throws a Fault that
// names the member and says what is wrong.
export class Fault extends Error {}

export function refuse(path, message) {
  throw new Fault(path === "" ? message : `${path}: ${message}`);
}

const shown = (value) => {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 39)}\u2026` : text;
};
const must = (fine, value, path, what) => {
  if (!fine) refuse(path, `must be ${what}, not ${shown(value)}`);
};

// XML has no place for control characters.
const printable = (value) => typeof value === "string" && !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value);

export const text = (value, path) => must(printable(value) && value.trim() !== "", value, path,
  "a text of one line");
export const text_or_none = (value, path) => must(printable(value), value, path,
  "a text of one line, or \"\"");
export const flag = (value, path) => must(typeof value === "boolean", value, path, "true or false");
export const number = (value, path) => must(Number.isFinite(value), value, path, "a number");
export const whole = (least, most) => (value, path) => must(Number.isInteger(value) && value >= least
  && value <= most, value, path, `a whole number from ${least} ${most === Infinity ? "on" : `to ${most}`}`);
export const positive = (value, path) => must(Number.isFinite(value) && value > 0, value, path,
  "a number above 0");
export const one_of = (...names) => (value, path) => must(names.includes(value), value, path,
  `one of ${names.map((name) => `"${name}"`).join(", ")}`);
export const or_null = (check) => (value, path) => {
  if (value !== null) check(value, path);
};

export const list = (item, least = 0) => (value, path) => {
  must(Array.isArray(value) && value.length >= least, value, path,
    least === 0 ? "a list" : `a list of at least ${least}`);
  value.forEach((one, i) => item(one, `${path}[${i}]`));
};

// A list that always has these members, in this order.
export const row = (what, ...items) => (value, path) => {
  must(Array.isArray(value) && value.length === items.length, value, path, what);
  items.forEach((item, i) => item(value[i], `${path}[${i}]`));
};

export const object = (required, optional = {}) => (value, path) => {
  must(value !== null && typeof value === "object" && !Array.isArray(value), value, path, "an object");
  const below = (name) => (path === "" ? name : `${path}.${name}`);
  for (const name of Object.keys(required)) {
    if (!(name in value)) refuse(below(name), "is missing");
  }
  const known = { ...required, ...optional };
  for (const [name, member] of Object.entries(value)) {
    if (!Object.hasOwn(known, name)) {
      refuse(below(name), `is not known here; known: ${Object.keys(known).join(", ")}`);
    }
    known[name](member, below(name));
  }
};
