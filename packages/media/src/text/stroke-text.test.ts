import { describe, expect, it } from "vitest";
import { renderSvg } from "../svg/render-svg.ts";
import { GLYPHS } from "./glyphs.ts";
import { fitStrokeText, strokeText, strokeTextWidth } from "./stroke-text.ts";

async function inkOf(text: string): Promise<string> {
  const drawing = strokeText(text, { x: 6, y: 40, height: 24, colour: "#000" });
  const image = await renderSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60">${drawing}</svg>`,
  );
  return image.data
    .filter((_, index) => index % 3 === 0)
    .map((level) => Number(level < 128))
    .join("");
}

describe("strokeText", () => {
  it("draws every letter, digit and sign, no two alike", async () => {
    const alphabet = Object.keys(GLYPHS).filter((character) => character !== " ");
    const drawn = new Map<string, string>();
    for (const character of alphabet) {
      const ink = await inkOf(character);
      expect(ink, character).toContain("1");
      // A tall narrow stroke stands for three signs in most sans-serif fonts too.
      if (!"Il|'-–".includes(character))
        expect(drawn.get(ink), `${character} looks like another`).toBeUndefined();
      drawn.set(ink, character);
    }
    for (let code = 97; code < 123; code++) {
      expect(alphabet).toContain(String.fromCharCode(code));
      expect(alphabet).toContain(String.fromCharCode(code - 32));
    }
    for (const sign of "0123456789%.,:()-_/") expect(alphabet).toContain(sign);
  });

  it("drops accents and draws a box for what it lacks", async () => {
    expect(await inkOf("é")).toBe(await inkOf("e"));
    expect(await inkOf("漢")).toBe(await inkOf("字"));
  });

  it("keeps text within its width", () => {
    const text = "a-rather-long-file-name-of-a-photo.jpg";
    const fitted = fitStrokeText(text, 10, 120);
    expect(fitted).toMatch(/^a-rather.*…$/);
    expect(strokeTextWidth(fitted, 10)).toBeLessThanOrEqual(120);
    expect(fitStrokeText("short", 10, 120)).toBe("short");
  });

  it("writes no character of the text into the SVG", () => {
    expect(strokeText(`<script>"&`, { x: 0, y: 0, height: 8, colour: "#fff" })).not.toMatch(/script|&/);
  });
});
