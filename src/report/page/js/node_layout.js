// Where the nodes of a graph stand: a torus as its grid, anything else on a circle.

// {nodes: [{node, x, y}], lines: [{x1, y1, x2, y2, ends}], room} in pixels; `ends` are the two nodes
// of the edge that a line is of, `room` is the distance between neighbouring places. `shape`: {rows,
// columns} of a torus, or null.
export function node_layout(count, edges, shape, width, height) {
  return shape ? on_grid(count, edges, shape, width, height)
    : on_circle(count, edges, width, height);
}

// The grid that the text of a node method names, if it has as many places as there are nodes.
export function torus_of(policy, count) {
  const [, inside] = policy.match(/torus\(([^)]*)\)/) ?? [];
  const size = (name) => Number(inside?.match(new RegExp(`${name}\\s*=\\s*(\\d+)`))?.[1]);
  const shape = { rows: size("rows"), columns: size("columns") };
  return shape.rows * shape.columns === count ? shape : null;
}

function on_circle(count, edges, width, height) {
  const radius = Math.min(width, height) / 2 - 24;
  const nodes = Array.from({ length: count }, (_, node) => {
    const angle = (2 * Math.PI * node) / count - Math.PI / 2;
    return { node, x: width / 2 + radius * Math.cos(angle), y: height / 2 + radius * Math.sin(angle) };
  });
  return { nodes, room: 2 * radius * Math.sin(Math.PI / Math.max(count, 2)),
    lines: edges.map((ends) => line(nodes[ends[0]], nodes[ends[1]], ends)) };
}

function on_grid(count, edges, { rows, columns }, width, height) {
  const room = Math.min(width / (columns + 1), height / (rows + 1));
  const nodes = Array.from({ length: count }, (_, node) => ({ node,
    x: width / 2 + room * ((node % columns) - (columns - 1) / 2),
    y: height / 2 + room * (Math.floor(node / columns) - (rows - 1) / 2) }));
  const lines = edges.flatMap((ends) => {
    const [a, b] = ends.map((node) => nodes[node]);
    const way = (from, to) => Math.sign(Math.round((to - from) / room));
    const across = way(a.x, b.x), down = way(a.y, b.y);
    if (Math.hypot(b.x - a.x, b.y - a.y) < 1.5 * room) return [line(a, b, ends)];
    // An edge around the back of the torus leaves the grid at one side and comes in at the other.
    const out = (from, sign) => ({ x: from.x - sign * across * room * 0.6,
      y: from.y - sign * down * room * 0.6 });
    return [line(a, out(a, 1), ends), line(b, out(b, -1), ends)];
  });
  return { nodes, lines, room };
}

const line = (a, b, ends) => ({ x1: a.x, y1: a.y, x2: b.x, y2: b.y, ends });
