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

// A small line with its dash and marker, as in the charts.
export function swatch(policy) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "swatch");
  svg.setAttribute("viewBox", "0 0 30 12");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "line");
  for (const [key, value] of Object.entries({
    x1: 1, x2: 29, y1: 6, y2: 6, stroke: policy.colour, "stroke-width": 2.4,
    "stroke-dasharray": policy.dash,
  })) line.setAttribute(key, value);
  const mark = document.createElementNS(svg.namespaceURI, "path");
  mark.setAttribute("d", policy.marker_path);
  mark.setAttribute("transform", "translate(15 6)");
  mark.setAttribute("fill", policy.colour);
  svg.append(line, mark);
  return svg;
}
