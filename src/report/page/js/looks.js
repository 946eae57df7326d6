// How the series of a chart look: colour, dash and marker differ together, so that none of them is the
// only cue. The colours are in palette.css, one set for light and one for dark, told apart by
// colour-blind eyes.
import { symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle,
  symbolWye } from "d3";

// d3 has seven filled symbols: the eighth is its triangle upside down.
const triangle_down = { draw: (context, size) => {
  const y = Math.sqrt(size / (3 * Math.sqrt(3))), x = y * Math.sqrt(3);
  context.moveTo(0, 2 * y);
  context.lineTo(-x, -y);
  context.lineTo(x, -y);
  context.closePath();
} };
const symbols = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar,
  symbolWye, triangle_down];
export const dashes = ["none", "7 3", "2 3", "10 3 2 3", "14 4", "5 2 1 2 1 2", "none", "7 3"];
export const colours = 8;

// From the ninth on the colours come again, each with another dash.
export function look(index) {
  const shape = symbols[index % symbols.length];
  return {
    index,
    colour: `var(--series-${index % colours})`,
    label_colour: `var(--label-${index % colours})`,
    dash: dashes[(index + Math.floor(index / colours)) % dashes.length],
    symbol: shape,
    marker_path: symbol(shape, 42)(),
  };
}
