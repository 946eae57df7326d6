// What the workers did: the page's lanes, with the instants at which a new version of the weights began.
import { ruleX, text } from "@observablehq/plot";
import { lane_bars, lane_frame, lane_ways, server } from "../page/js/charts/lanes.js";
import { stretch } from "../page/js/charts/timeline_data.js";
import { s } from "../page/js/dom.js";
import { compact } from "../page/js/format.js";
import { base_plot, narrow } from "../page/js/theme.js";
import { shape_key } from "./legend.js";
import { text_width } from "./text.js";

const bar = (fill, stroke) => s("rect", { x: 1, y: 1, width: 28, height: 10, fill, stroke,
  "fill-opacity": stroke ? null : 0.8 });
const dot = (fill) => s("circle", { cx: 15, cy: 6, r: 3.2, fill, stroke: "currentColor",
  "stroke-width": 1.2 });

export function keys({ spans, updates = [], arrows = [] }) {
  const some = (kind) => spans.some((span) => span[1] === kind);
  return [
    some("compute") ? shape_key("compute", "computing", bar("var(--compute)")) : null,
    some("cancelled") ? shape_key("cancelled", "cancelled work", bar("url(#hatch)", "var(--lost)")) : null,
    some("idle") ? shape_key("idle", "idle", bar("none", "var(--line)")) : null,
    arrows.some((arrow) => arrow[3] === 0) ? shape_key("fresh", "fresh gradient", dot("currentColor"))
      : null,
    arrows.some((arrow) => arrow[3] > 0) ? shape_key("stale", "stale gradient, by n updates",
      dot("var(--surface)")) : null,
    updates.length > 0 ? shape_key("update", "update",
      s("path", { d: "M15,1L20,11H10Z", fill: "currentColor" })) : null,
  ].filter((key) => key !== null);
}

export function draw({ workers, to, x, spans, updates = [], arrows = [] }, width) {
  const seen = { ...stretch({ workers, from: 0, to, spans, arrows }, { from: 0, span: 1 }),
    updates: updates.filter((time) => time <= to).sort((a, b) => a - b) };
  const frame = lane_frame(seen.shown, width);
  const pixels = (width - frame.marginLeft - frame.marginRight) / to;
  const versions = seen.updates.map((time, i) => ({ time, name: `${i + 1}` }));
  const end = to + 24 / pixels;
  const room = ({ time, name }, i) => ((versions[i + 1]?.time ?? end) - time) * pixels
    > text_width(name, { size: 11 }) + 14;
  return base_plot(width, {
    ...frame,
    x: { domain: [0, to], label: `${x?.label ?? "Virtual time"} \u2192`, ticks: narrow(width) ? 4 : 10,
      tickFormat: compact },
    marks: [
      lane_bars(seen),
      ruleX(versions, { x: "time", y1: server, y2: seen.shown.length - 0.5, stroke: "currentColor",
        strokeOpacity: 0.6, strokeDasharray: "2 3", className: "version" }),
      lane_ways(seen, width),
      // All or none: a version without its number would be miscounted.
      versions.every(room) ? text(versions, { x: "time", y: server, dx: 8, textAnchor: "start",
        text: "name", fontSize: 11, fill: "var(--muted)", className: "number" }) : null,
    ],
  });
}
