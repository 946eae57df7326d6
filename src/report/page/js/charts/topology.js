// Who hears whom in a run without a server, and how every node ended.
import { dot, link, text } from "@observablehq/plot";
import { extent, mean } from "d3";
import { h } from "../dom.js";
import { figure } from "../figure.js";
import { number, percent, plural } from "../format.js";
import { node_layout, torus_of } from "../node_layout.js";
import { known } from "../predictions.js";
import { base_plot, tooltip } from "../theme.js";

export function topology({ race, setting }) {
  if (!race.nodes) return null;
  const nodes = describe_nodes(race);
  const ends = ending(nodes);
  const edges = race.nodes.edges ?? [];
  const shape = torus_of(setting.policies[0].name, nodes.length);

  const draw = (width) => {
    const height = Math.round(shape ? Math.min(width, 460) * Math.min(1, (shape.rows + 1)
      / (shape.columns + 1)) : Math.min(width, 460));
    const { nodes: places, lines, room } = node_layout(nodes.length, edges, shape, width, height);
    const radius = Math.max(2.5, Math.min(15, 0.36 * room));
    const shown = places.map((place) => ({ ...place, ...nodes[place.node] }));
    const honest = shown.filter((one) => !one.faulty), faulty = shown.filter((one) => one.faulty);
    const at = { x: "x", y: "y" };
    const joined = (bad) => lines.filter((one) => one.ends.some((end) => nodes[end].faulty) === bad);
    return base_plot(width, {
      height, margin: 0,
      x: { domain: [0, width], range: [0, width], axis: null },
      y: { domain: [0, height], range: [0, height], axis: null },
      marks: [
        link(joined(false), { x1: "x1", y1: "y1", x2: "x2", y2: "y2", stroke: "currentColor",
          strokeOpacity: edges.length > 8 * nodes.length ? 0.16 : 0.34, className: "data" }),
        link(joined(true), { x1: "x1", y1: "y1", x2: "x2", y2: "y2", stroke: "var(--lost)",
          strokeOpacity: 0.7, strokeDasharray: "3 3", className: "data" }),
        // Edges must not shine through a pale node.
        dot(honest, { ...at, r: radius, fill: "var(--surface)" }),
        dot(honest, { ...at, r: radius, fill: "var(--compute)", fillOpacity: ends.strength,
          stroke: "var(--compute)", className: "data" }),
        dot(honest.filter((one) => one.node === ends.worst), { ...at, r: radius + 3.5,
          stroke: "var(--accent)", strokeWidth: 2.4, className: "data" }),
        dot(faulty, { ...at, r: radius, symbol: "square", fill: "url(#hatch)", stroke: "var(--lost)",
          strokeWidth: 1.6, className: "data" }),
        radius >= 9 ? [
          text(honest, { ...at, text: (one) => `${one.node}`, fontSize: 11,
            fill: (one) => (ends.strength(one) > 0.55 ? "var(--on-compute)" : "var(--text)") }),
          text(faulty, { ...at, text: (one) => `${one.node}`, fontSize: 11, fontWeight: 600,
            fill: "var(--text)", stroke: "var(--surface)", strokeWidth: 4 }),
        ] : null,
        tooltip(shown, { ...at, maxRadius: 40, title: describe }),
      ],
    });
  };

  return figure({
    id: "topology",
    shape: "tall",
    title: "Who hears whom, and how each node ended",
    summary: summary(nodes, race, ends),
    note: note(race, shape),
    controls: key(nodes, ends),
    draw,
    rows: () => [["Node", "Kind", "Neighbours", "of them faulty", "Test error", "Test loss"],
      nodes.map((one) => [`${one.node}`, one.faulty ? "faulty" : one.node === ends.worst
        ? "honest, the worst" : "honest", number(one.neighbours), number(one.faulty_neighbours),
      percent(one.test_error, 2), number(one.test_loss, 4)])],
  });
}

function describe_nodes({ workers, nodes: { edges, faulty, final } }) {
  const nodes = Array.from({ length: workers }, (_, node) => ({ node, faulty: faulty.includes(node),
    neighbours: edges ? 0 : null, faulty_neighbours: edges ? 0 : null, ...final?.[node] }));
  for (const [a, b] of edges ?? []) {
    for (const [one, other] of [[a, b], [b, a]]) {
      nodes[one].neighbours += 1;
      nodes[one].faulty_neighbours += nodes[other].faulty ? 1 : 0;
    }
  }
  return nodes;
}

// By what the honest nodes are shaded: test error, or test loss where nothing is classified. The
// shades span a twentieth of the value at least, so that nodes that agree look alike.
function ending(nodes) {
  const honest = nodes.filter((one) => !one.faulty);
  const metric = ["test_error", "test_loss"].find((name) => honest.some((one) => known(one[name])));
  if (!metric) return { strength: () => 0 };
  const seen = honest.filter((one) => known(one[metric]));
  const [low, high] = extent(seen, (one) => one[metric]);
  const span = Math.max(high - low, 0.05 * Math.abs(high), Number.MIN_VALUE);
  return { metric, low, high, average: mean(seen, (one) => one[metric]),
    worst: seen.find((one) => one[metric] === high).node,
    strength: (one) => (known(one[metric]) ? 0.1 + 0.9 * ((one[metric] - low) / span) : 0),
    text: (value) => (metric === "test_error" ? percent(value) : number(value)),
    name: metric.replace("_", " ") };
}

function summary(nodes, race, ends) {
  const faulty = nodes.filter((one) => one.faulty);
  const degrees = nodes.map((one) => one.neighbours);
  const graph = race.nodes.edges === null ? `${plural(race.nodes.edge_count, "edge")}.`
    : `${plural(race.nodes.edges.length, "edge")}; a node hears ${plural(mean(degrees), "other")} on `
      + `average, ${Math.min(...degrees)} at least.`;
  const bad = faulty.length === 0 ? "All are honest." : `Faulty nodes: ${faulty.slice(0, 8).map((one) =>
    one.node).join(", ")}${faulty.length > 8 ? ", \u2026" : ""}.`;
  const end = ends.metric ? `Honest nodes end at a ${ends.name} of ${ends.text(ends.low)} to ${
    ends.text(ends.high)}, ${ends.text(ends.average)} on average; node ${ends.worst} stands worst.`
    : "How each node ended is not in this document.";
  return `${plural(nodes.length, "node")}, ${graph} ${bad} ${end}`;
}

function note({ nodes: { edges } }, shape) {
  if (edges === null) return "There are too many edges to draw.";
  return shape ? "Edges that leave the grid come in again on its other side." : null;
}

function key(nodes, ends) {
  return h("ul", { class: "key" },
    ends.metric ? h("li", null, `${ends.name}: ${ends.text(ends.low)}`, h("i", { class: "shade",
      style: `--most: ${100 * ends.strength(nodes[ends.worst])}%` }), ends.text(ends.high))
      : h("li", null, h("i", { class: "node" }), "honest"),
    ends.metric ? h("li", null, h("i", { class: "ring" }), "the worst") : null,
    nodes.some((one) => one.faulty) ? h("li", null, h("i", { class: "fate cancelled" }), "faulty")
      : null);
}

function describe(one) {
  const heard = known(one.neighbours) ? `\n${plural(one.neighbours, "neighbour")}, ${
    one.faulty_neighbours} of them faulty` : "";
  const errors = [known(one.test_error) ? `test error ${percent(one.test_error, 2)}` : "",
    known(one.test_loss) ? `test loss ${number(one.test_loss, 4)}` : ""].filter(Boolean).join(", ");
  return `node ${one.node}${one.faulty ? ", faulty" : ""}${errors && `\n${errors}`}${heard}`;
}
