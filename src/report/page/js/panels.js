// A grid of small panels with one scale, as wide as there is room.

// `size`: least width of a panel. The frame leaves room for the axes on the left and at the bottom.
export function panels(count, width, size) {
  const left = 46, right = 10, top = 28, bottom = 40;
  const most = Math.max(1, Math.min(count, Math.floor((width - left - right) / size)));
  const rows = Math.ceil(count / most);
  // As many rows, but evenly filled.
  const columns = Math.ceil(count / rows);
  const panel = (width - left - right) / columns;
  return {
    width: panel,
    column: (i) => i % columns,
    row: (i) => Math.floor(i / columns),
    frame: {
      width, marginLeft: left, marginRight: right, marginTop: top, marginBottom: bottom,
      height: Math.round(rows * Math.min(panel, 240) + top + bottom),
      fx: { axis: null, padding: 0.08 },
      fy: { axis: null, padding: 0.08 },
    },
  };
}
