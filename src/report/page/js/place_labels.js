// Puts labels beside points where they cover neither each other nor a point.
const character = 6.6, line = 13;

// points: {x, y, text, important, size} in pixels, the first ones are served first; important labels
// are drawn even where there is no room. Labels stay within {left, right, top, bottom} and clear of
// `obstacles` {x, y}. Returns those that are drawn, with {dx, dy, anchor}.
export function place_labels(points, bounds, obstacles = []) {
  const taken = [...points, ...obstacles].map(({ x, y, size = 5 }) => ({ x0: x - size, x1: x + size,
    y0: y - size, y1: y + size }));
  const placed = [];
  for (const point of points) {
    if (!point.text) continue;
    const spots = candidates(point);
    const free = spots.find(({ box }) => inside(box, bounds)
      && !taken.some((other) => overlap(box, other)));
    const spot = free ?? (point.important ? spots.find(({ box }) => inside(box, bounds)) : undefined);
    if (!spot) continue;
    taken.push(spot.box);
    placed.push({ ...point, dx: spot.dx, dy: spot.dy, anchor: spot.anchor });
  }
  return placed;
}

function candidates({ x, y, text, size = 5 }) {
  const width = character * text.length + 2, more = size - 5;
  const spot = (across, down, anchor) => {
    const dx = across + Math.sign(across) * more, dy = down + Math.sign(down) * more;
    const from = x + dx - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
    const middle = y + dy;
    return { dx, dy, anchor,
      box: { x0: from, x1: from + width, y0: middle - line / 2, y1: middle + line / 2 } };
  };
  return [spot(9, 0, "start"), spot(0, -13, "middle"), spot(0, 13, "middle"), spot(-9, 0, "end"),
    spot(8, -11, "start"), spot(8, 11, "start"), spot(-8, -11, "end"), spot(-8, 11, "end"),
    spot(16, -20, "start"), spot(-16, -20, "end"), spot(16, 20, "start"), spot(-16, 20, "end")];
}

export const overlap = (a, b) => a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;
export const inside = (a, b) => a.x0 >= b.left && a.x1 <= b.right && a.y0 >= b.top && a.y1 <= b.bottom;
