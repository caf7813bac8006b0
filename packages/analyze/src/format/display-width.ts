/** Terminal columns of text: wide East Asian characters and emoji take two, combining marks and controls none. */

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

// Hangul, CJK, kana, full-width forms and pictographs: the blocks that terminals draw two columns wide.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const invisible = /^[\p{Control}\p{Mark}\p{Format}]+$/u;

export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (!invisible.test(segment)) width += wide.test(segment) ? 2 : 1;
  }
  return width;
}

/** Pads with spaces to `width` columns. */
export function padDisplay(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** `text`, or its end behind an ellipsis when it is wider than `width` columns: the end of a path tells more. */
export function shortenDisplay(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    if (displayWidth(segment + kept) > width - 1) break;
    kept = segment + kept;
  }
  return `…${kept}`;
}
