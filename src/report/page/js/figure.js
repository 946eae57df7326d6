// The frame of every chart: a title that says what to read, the chart at the width there is, a text
// alternative, and the numbers as a table.
import { h, table } from "./dom.js";

// draw(width) returns an SVG (or HTML) element; rows() returns [headings, rows].
// `summary` says in a sentence what the chart shows, for people who don't see it and those who do.
export function figure({ id, title, summary, note, controls, draw, rows, shape }) {
  const body = h("div", { class: "plot" });
  const numbers = rows && h("details", { class: "numbers", ontoggle: (event) => fill(event.target) },
    h("summary", null, "The numbers"), h("div", { class: "scroll" }));
  const frame = h("figure", { id, class: shape, "data-chart": id },
    h("figcaption", null, h("h3", null, title), h("p", null, summary)),
    controls ? h("div", { class: "controls" }, controls) : null,
    body, note ? h("p", { class: "note" }, note) : null, numbers);

  // Filled when first opened: hundreds of cells that few people look at.
  const fill = (details) => {
    const place = details.querySelector(".scroll");
    if (details.open && place.childElementCount === 0) place.append(table(...rows()));
  };

  let width = 0;
  const redraw = () => {
    if (!body.isConnected || body.clientWidth === 0) return;
    width = body.clientWidth;
    const chart = draw(width);
    const svg = chart.matches?.("svg") ? chart : chart.querySelector("svg");
    svg?.setAttribute("role", "img");
    svg?.setAttribute("aria-label", `${title}. ${summary}`);
    body.replaceChildren(chart);
    // Axes and rules come with every chart, even an empty one; only what has been drawn from data
    // carries the class "data".
    frame.dataset.marks = body.querySelectorAll(".data > *, path.data, line.data").length;
  };
  // In the next frame: a redraw changes the height, which the observer must not see while it reports.
  new ResizeObserver(() => requestAnimationFrame(() => {
    if (Math.abs(body.clientWidth - width) > 1) redraw();
  })).observe(body);
  return { frame, redraw };
}

// A group of radio buttons that looks like one control.
export function choice(label, options, value, change) {
  return h("div", { class: "choice", role: "group", "aria-label": label },
    options.map(([key, text]) => h("button", {
      type: "button", "aria-pressed": String(key === value), "data-value": key,
      onclick: (event) => {
        for (const button of event.currentTarget.parentElement.children) {
          button.setAttribute("aria-pressed", String(button === event.currentTarget));
        }
        change(key);
      },
    }, text)));
}
