// How a policy looks and what it is called: the same in every chart and in both settings.
import { symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle,
  symbolWye, symbol } from "d3";

// The colours are in style.css, one set for light and one for dark, told apart by colour-blind eyes.
// Colour, dash and marker differ together, so that none of them is the only cue.
export const symbols = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross,
  symbolStar, symbolWye];
export const dashes = ["none", "7 3", "2 3", "10 3 2 3", "14 4", "5 2 1 2 1 2", "none", "7 3"];
const colours = 8;
// sync is the baseline of every comparison: it takes the colour of the text, the first one.
const family = ["sync", "k-async", "k-sync", "k-batch-async", "k-batch-sync", "async", "adasync",
  "auto"];

const head = (name) => name.split("(")[0];

// How all policies of one family look where only the family matters: as its first policy in a race.
export function family_look(name) {
  const known = family.indexOf(head(name));
  const index = known < 0 ? colours - 1 : known;
  const shape = symbols[index % symbols.length];
  return {
    index, family: head(name),
    colour: `var(--series-${index})`,
    label_colour: `var(--label-${index})`,
    dash: dashes[index],
    symbol: shape,
    marker_path: symbol(shape, 42)(),
  };
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
    const shape = symbols[index % symbols.length];
    return [name, {
      name, index, order,
      short: short_name(name, names),
      colour: `var(--series-${index % colours})`,
      label_colour: `var(--label-${index % colours})`,
      dash: dashes[(index + Math.floor(index / colours)) % dashes.length],
      symbol: shape,
      marker_path: symbol(shape, 42)(),
    }];
  }));
}
