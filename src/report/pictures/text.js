// How wide words are. There is no browser to ask, and readers' fonts differ: these are the widths of
// DejaVu Sans, the widest of the fonts that palette.css names.
const widths = [
  [/[ijlI.,:;'|!\u00b7\u202f]/, 0.34],
  [/[frtJ()[\]{}/\\" -]/, 0.41],
  [/[mwMWOQGNDH%@&=+<>\u00b1\u00d7\u2192\u2190\u2191\u2026\u2013]/, 0.92],
  [/[A-Z]/, 0.72],
  [/[\u0020-\u024f]/, 0.635],
];
const em = (character) => widths.find(([kind]) => kind.test(character))?.[1] ?? 1;

export function text_width(text, { size = 12, bold = false } = {}) {
  return size * (bold ? 1.1 : 1) * [...text].reduce((sum, character) => sum + em(character), 0);
}

// In lines of at most `room` pixels; a word that is wider has a line for itself.
export function wrap(text, room, font) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word;
    if (lines.length > 0 && text_width(longer, font) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export function shorten(text, room, font) {
  if (text_width(text, font) <= room) return text;
  const kept = [...text];
  while (kept.length > 1 && text_width(`${kept.join("")}\u2026`, font) > room) kept.pop();
  return `${kept.join("").trimEnd()}\u2026`;
}
