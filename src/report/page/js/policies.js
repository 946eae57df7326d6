// How a policy looks and what it is called: the same in every chart and in both settings.
import { colours, look } from "./looks.js";

// sync is the baseline of every comparison: it takes the colour of the text, the first one.
const family = ["sync", "k-async", "k-sync", "k-batch-async", "k-batch-sync", "async", "adasync",
  "auto", "horizon"];

const head = (name) => name.split("(")[0];

// How all policies of one family look where only the family matters: as its first policy in a race.
export function family_look(name) {
  const known = family.indexOf(head(name));
  return { family: head(name), ...look(known < 0 ? colours - 1 : known) };
}

// "k-async(k=4)" stays; long argument lists are cut to what tells policies of one name apart.
function short_name(name, names) {
  if (name.length <= 18) return name;
  const [first, ...rest] = name.replace(/\)$/, "").split(/[(,]\s*/);
  const rivals = names.filter((other) => other !== name && head(other) === first);
  if (rivals.length === 0) return first;
  const telling = rivals.flatMap((other) => rest.filter((argument) => !other.includes(argument)));
  const values = [...new Set(telling)].map((argument) => argument.replace("base=", ""));
  return values.length > 0 ? `${first}(${values.slice(0, 2).join(", ")})` : name;
}

export function style_policies(names) {
  const taken = new Set();
  return new Map(names.map((name, order) => {
    let index = family.indexOf(head(name));
    if (index < 0 || taken.has(index)) {
      index = 0;
      while (taken.has(index) || (index < colours && index === 0)) index += 1;
    }
    taken.add(index);
    return [name, { name, order, short: short_name(name, names), ...look(index) }];
  }));
}
