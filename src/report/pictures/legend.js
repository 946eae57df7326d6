// What the colours, markers and shapes of all panels mean, each once, in lines above them.
import { s, swatch } from "../page/js/dom.js";
import { text_width } from "./text.js";
import { words } from "./words.js";

const line = 22, gap = 18, sample = 37;

// keys: {id, name, draw}; `draw` makes a sample of 30 by 12 pixels.
export function legend(keys, width) {
  const unique = [...new Map(keys.map((key) => [key.id, key])).values()];
  let x = 0, row = 0;
  const nodes = unique.flatMap(({ name, draw }) => {
    const room = sample + text_width(name);
    if (x > 0 && x + room > width) {
      x = 0;
      row += 1;
    }
    const box = draw();
    for (const [key, value] of Object.entries({ x, y: row * line + 4, width: 30, height: 12 })) {
      box.setAttribute(key, value);
    }
    const node = [box, ...words([name], x + sample, row * line + 14)];
    x += room + gap;
    return node;
  });
  return { nodes, height: unique.length === 0 ? 0 : (row + 1) * line };
}

export const line_key = (name, look) => ({ id: JSON.stringify([name, look.index, look.dash]), name,
  draw: () => swatch(look) });

// A sample of what is not a line: `nodes` in a box of 30 by 12.
export const shape_key = (id, name, ...nodes) => ({ id, name,
  draw: () => s("svg", { viewBox: "0 0 30 12" }, nodes) });
