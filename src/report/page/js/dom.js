// h("p", {class: "note"}, "text", child): an element. Text is always set as text, never as HTML,
// so nothing in the document can become code.
export function h(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

// A table from a heading row and rows of text; the first column names the row.
export function table(headings, rows, attributes) {
  return h("table", attributes,
    h("thead", null, h("tr", null, headings.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", null, rows.map(([first, ...rest]) =>
      h("tr", null, h("th", { scope: "row" }, first), rest.map((cell) => h("td", null, cell))))));
}

// s("line", {x1: 0}, child): an SVG element. Also for DOMs without a page, hence no `append`.
export function s(name, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value !== undefined && value !== null) node.setAttribute(key, value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined) continue;
    node.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return node;
}

// A small line with its dash and marker, as in the charts.
export function swatch({ colour, dash, marker_path, hollow = false, bare = false }) {
  return s("svg", { class: "swatch", viewBox: "0 0 30 12", "aria-hidden": "true" },
    bare ? null : s("line", { x1: 1, x2: 29, y1: 6, y2: 6, stroke: colour, "stroke-width": 2.4,
      "stroke-dasharray": dash }),
    s("path", { d: marker_path, transform: "translate(15 6)", ...(hollow
      ? { fill: "var(--surface)", stroke: colour, "stroke-width": 1.6 } : { fill: colour }) }));
}
