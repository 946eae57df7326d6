// Quantile against quantile: on the diagonal the law fits.
import { dot, line } from "@observablehq/plot";
import { axis_scale } from "../axis_scale.js";
import { figure } from "../figure.js";
import { number } from "../format.js";
import { known } from "../predictions.js";
import { base_plot, tooltip } from "../theme.js";

export const quantile_pairs = (fit) => fit.qq.filter(([law, job]) => known(law) && known(job))
  .map(([law, job]) => ({ law, job }));

export function quantiles({ pooled, alike }) {
  const pairs = quantile_pairs(pooled);
  if (pairs.length < 2) return null;
  const law = pooled.laws[0]?.law ?? "the law";

  const draw = (width) => {
    const frame = { width, height: Math.round(Math.max(300, Math.min(430, width * 0.8))),
      marginTop: 28, marginBottom: 40, marginLeft: 54, marginRight: 18 };
    const values = pairs.flatMap((pair) => [pair.law, pair.job]);
    const x = axis_scale(values, frame.marginLeft, width - frame.marginRight);
    const y = axis_scale(values, frame.height - frame.marginBottom, frame.marginTop);
    return base_plot(width, {
      ...frame,
      x: { ...x.options, label: "Time, by the law \u2192", grid: true },
      y: { ...y.options, label: "\u2191 Time, measured", grid: true },
      marks: [
        line([x.domain, x.domain].map((domain, i) => ({ at: domain[i] })), { x: "at", y: "at",
          stroke: "currentColor", strokeOpacity: 0.6, strokeDasharray: "3 4" }),
        dot(pairs, { x: "law", y: "job", r: 3, fill: "var(--compute)", fillOpacity: 0.75,
          className: "data" }),
        tooltip(pairs, { x: "law", y: "job", maxRadius: 40, title: (pair) =>
          `by the law ${number(pair.law, 4)}\nmeasured ${number(pair.job, 4)}` }),
      ],
    });
  };

  return figure({
    id: "quantiles",
    title: "Quantiles: measured against the law",
    summary: `All jobs, beside ${law}. On the dashed line the law is right; points that `
      + `rise above it at the right end are long jobs that it does not expect.${alike ? ""
        : " The workers differ, so one law for all can't fit well."}`,
    draw,
    rows: () => [["By the law", "Measured"], pairs.map((pair) => [number(pair.law, 4),
      number(pair.job, 4)])],
  });
}
