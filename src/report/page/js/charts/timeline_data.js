// The part of a timeline that is in view.

const most_lanes = 24;

// `view.from` in 0..1 slides a window that is `view.span` of the whole.
export function stretch({ spans, arrows, workers, from, to }, view) {
  const length = (to - from) * view.span;
  const begin = from + (to - from - length) * view.from;
  const end = begin + length;
  const shown = lanes(workers);
  const lane = new Map(shown.map((worker, i) => [worker, i]));
  return {
    begin, end, shown,
    spans: spans.filter(([worker, , a, b]) => lane.has(worker) && b > begin && a < end)
      .map(([worker, kind, a, b]) => ({ worker, kind, a, b, y: lane.get(worker),
        x1: Math.max(a, begin), x2: Math.min(b, end) })),
    flights: arrows.filter(([worker, push, used]) =>
      lane.has(worker) && push >= begin && used <= end)
      .map(([worker, push, used, stale]) => ({ push, used, stale, y: lane.get(worker) })),
    updates: [...new Set(arrows.map((arrow) => arrow[2]))].filter((time) =>
      time >= begin && time <= end),
  };
}

// The workers that get a lane: all, or evenly spread ones, so that fast and slow ones are both seen.
function lanes(workers) {
  const count = Math.min(workers, most_lanes);
  return Array.from({ length: count }, (_, i) =>
    (count === 1 ? 0 : Math.round((i * (workers - 1)) / (count - 1))));
}

// The arrow of the gradient that this span computed, if an update used it.
export function fate({ worker, kind, b }, arrows) {
  return kind === "compute" ? arrows.find((arrow) => arrow[0] === worker && arrow[1] === b)
    : undefined;
}
