/** The report's page in a real browser: on a phone, on a desk and in the dark. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { EmotionNet } from "@emotionnet/core";
import { buildReport, generateFaces, reportHtml } from "@emotionnet/train";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, launchChromium } from "./browser/chromium.ts";

const executablePath = findChromium();
const skipped = executablePath ? "" : " (skipped: chromium is not installed)";

/** Pixels of a line of the smallest letters that can be read on a phone without zooming. */
const SMALLEST_LINE = 11;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Lines of text are a little higher than their letters. */
function meet(one: Box, other: Box): boolean {
  const isBeside = one.right <= other.left || other.right <= one.left;
  const isAbove = one.bottom <= other.top + 1 || other.bottom <= one.top + 1;
  return !isBeside && !isAbove;
}

describe.skipIf(!executablePath)(`the report's page${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "emotionnet-page-"));
  const path = join(folder, "report.html");
  let browser: Browser;

  beforeAll(async () => {
    const dataset = generateFaces({ persons: 34, samplesPerPerson: 30, seed: 8, protocol: "multipie" });
    const net = await EmotionNet.load();
    const probabilities = net.classifyBatch(dataset.landmarks, dataset.count);
    const context = { model: "emotionnet-compact", dataset: "simulated/test.tfrecords", isSimulated: true };
    const ages = dataset.names.map((_, face) => ["5 to 17", "18 to 64", "65 to 90"][face % 3]);
    const report = await buildReport({
      dataset,
      probabilities,
      context,
      model: net.model,
      attributes: [{ name: "age", values: ages }],
      seed: 1,
    });
    writeFileSync(path, reportHtml(report));
    browser = await launchChromium(executablePath!);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(width: number, colorScheme: "light" | "dark"): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    await page.goto(pathToFileURL(path).href);
    return page;
  }

  test.each([390, 1280])("fits a screen of %i pixels, every table whole", async (width) => {
    const page = await open(width, "light");
    const wide = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll(".scroll")]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .map((element) => element.getAttribute("aria-label") ?? element.tagName),
    );
    expect(wide).toEqual([]);
    await page.close();
  });

  test("no text of a figure lies on another or outside, and all can be read on a phone", async () => {
    const page = await open(390, "light");
    const figures = await page.evaluate(() => {
      const boxOf = (element: Element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { text: element.textContent ?? "", left, right, top, bottom };
      };
      return [...document.querySelectorAll("svg")].map((figure) => ({
        frame: boxOf(figure),
        texts: [...figure.querySelectorAll("text")].map(boxOf),
      }));
    });
    expect(figures).toHaveLength(3);
    for (const { frame, texts } of figures) {
      const outside = texts.filter(
        ({ left, right, bottom }) => left < frame.left || right > frame.right || bottom > frame.bottom,
      );
      expect(outside).toEqual([]);
      expect(texts.filter(({ top, bottom, text }) => text !== "" && bottom - top < SMALLEST_LINE)).toEqual(
        [],
      );
      for (const [index, one] of texts.entries()) {
        expect(
          texts.slice(index + 1).filter((other) => meet(one, other)),
          one.text,
        ).toEqual([]);
      }
    }
    await page.close();
  });

  test.each(["light", "dark"] as const)("has contrast in its %s form", async (scheme) => {
    const page = await open(1280, scheme);
    const low = await page.evaluate(() => {
      const rgb = (colour: string) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
      const luminance = (colour: string) => {
        const [red, green, blue] = rgb(colour).map((value) => {
          const share = value / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        }) as [number, number, number];
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const paper = luminance(getComputedStyle(document.body).backgroundColor);
      const marked = document.querySelectorAll("h2,td:not(.heat),th,.muted,.few,figure ~ p");
      return [...marked]
        .map((element) => [element.className, luminance(getComputedStyle(element).color)] as const)
        .map(([name, ink]) => [name, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)] as const)
        .filter(([, contrast]) => contrast < 4.5)
        .map(([name, contrast]) => `${name} ${contrast.toFixed(1)}`);
    });
    expect([...new Set(low)]).toEqual([]);
    await page.close();
  });
});
