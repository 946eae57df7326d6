// The file of a picture: small, and the same bytes whenever the spec is the same.
import { XMLSerializer } from "@xmldom/xmldom";

const geometry = new Set(["d", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width",
  "height", "points"]);

export function serialize(svg) {
  tidy(svg, new Map());
  return `${new XMLSerializer().serializeToString(svg, { requireWellFormed: true })}\n`;
}

// `clips`: Plot counts its clip paths over all plots of the run; here they count over the picture.
function tidy(node, clips) {
  for (const child of [...node.childNodes]) if (child.nodeType === 1) tidy(child, clips);
  for (const { name, value } of [...node.attributes]) {
    let kept = value.replace(/plot-clip-\d+/g, (id) => {
      if (!clips.has(id)) clips.set(id, `clip-${clips.size + 1}`);
      return clips.get(id);
    });
    if (geometry.has(name)) kept = rounded(kept);
    if (kept !== value) node.setAttribute(name, kept);
  }
  if (node.nodeName === "g" && !node.hasChildNodes()) node.parentNode.removeChild(node);
}

// To a hundredth of a pixel.
const rounded = (value) => value.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) =>
  `${Number(Number(number).toFixed(2)) || 0}`);
