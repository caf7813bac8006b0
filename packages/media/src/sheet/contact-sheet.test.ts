import { describe, expect, it } from "vitest";
import { contactSheet } from "./contact-sheet.ts";

function plain(width: number, height: number, colour: readonly [number, number, number]) {
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, (_, index) => colour[index % 3]!),
  };
}

const colours = [
  [200, 30, 30],
  [30, 200, 30],
  [30, 30, 200],
  [200, 200, 30],
  [30, 200, 200],
] as const;

describe("contactSheet", () => {
  it("shows every picture once, with wide and tall ones in full", async () => {
    const cells = colours.map((colour, index) => ({
      image: plain(index % 2 ? 90 : 40, index % 2 ? 40 : 90, colour),
      caption: `picture ${index}`,
      colour: "#f0e442",
    }));
    const sheet = await contactSheet(cells, {
      title: "Five pictures",
      subtitle: "of plain colour",
      cellSize: 60,
      columns: 3,
    });
    expect(sheet.data.length).toBe(sheet.width * sheet.height * 3);
    expect(sheet.width).toBeGreaterThan(3 * 60);
    expect(sheet.height).toBeGreaterThan(2 * 60);
    for (const colour of colours) {
      let count = 0;
      for (let at = 0; at < sheet.data.length; at += 3) {
        if (colour.every((value, band) => sheet.data[at + band] === value)) count++;
      }
      // 60 by 27 pixels, less a resampled edge.
      expect(count).toBeGreaterThan(1400);
      expect(count).toBeLessThan(1700);
    }
  });

  it("writes title and captions in dark strokes", async () => {
    const cells = [{ image: plain(10, 10, [255, 255, 255]), caption: "a caption" }];
    const dark = async (caption: string, title: string) => {
      const sheet = await contactSheet([{ ...cells[0]!, caption }], { title, cellSize: 200 });
      return sheet.data.filter((level) => level < 128).length;
    };
    expect(await dark("a caption", "")).toBeGreaterThan(60);
    expect(await dark("", "A title")).toBeGreaterThan(200);
    expect(await dark("", "")).toBe(0);
  });

  it("refuses an empty list", async () => {
    await expect(contactSheet([], { title: "none" })).rejects.toMatchObject({ code: "usage" });
  });
});
