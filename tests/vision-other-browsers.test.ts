/** Core and the vision package give the same answers in Firefox and in WebKit as in Node. Chromium: vision-browser.test.ts. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { EmotionNet, type Face } from "@emotionnet/core";
import { readPhoto } from "@emotionnet/media";
import { preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DRIVERLESS_BROWSERS } from "./browser/driverless.ts";
import { bundle, drawPortraits, LARGEST_SHARE, readInNode, shareBetween } from "./browser/vision-pages.ts";
import { drawing, pooling, reporting } from "./browser/vision-programs.ts";

const LONGEST_MILLISECONDS = 60_000;

interface Report {
  readonly agent: string;
  readonly error?: string;
  readonly drawables: Record<string, Face[]>;
  readonly turned: Record<string, Face[]>;
  readonly errors: string[];
  readonly photos: (Face & { classification: { expression: string } })[][];
  readonly sources: { faces: Face[][]; isHandedOver: boolean };
  readonly followed: { order: number[]; ids: string[][]; last: Face[] };
  readonly closing: string[];
}

describe.each(DRIVERLESS_BROWSERS)(
  "in $name (skipped where it is not installed)",
  ({ isInstalled, agent, open }) => {
    if (!isInstalled) {
      test.skip("reads faces", () => {});
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), "emotionnet-browser-"));
    let wanted: Face[];
    let report: Report;

    beforeAll(async () => {
      wanted = await drawPortraits(folder);
      await bundle(folder, { reporting: `${drawing}\n${pooling}\n${reporting}` });
      let tell: (report: Report) => void;
      const told = new Promise<Report>((resolve) => {
        tell = resolve;
      });
      const server = await preview({
        root: folder,
        configFile: false,
        build: { outDir: join(folder, "dist") },
        preview: { port: 0 },
        // As a plugin it comes before the server's own answers.
        plugins: [
          {
            name: "report",
            configurePreviewServer({ middlewares }) {
              middlewares.use("/report", async (request, response) => {
                tell((await json(request)) as Report);
                response.end();
              });
            },
          },
        ],
      });
      const browser = open(`${server.resolvedUrls!.local[0]!}reporting.html`);
      try {
        report = await told;
      } finally {
        await browser.close();
        await server.close();
      }
    }, LONGEST_MILLISECONDS);
    afterAll(() => rmSync(folder, { recursive: true }));

    test("the page ran to its end", () => {
      expect(report.error).toBeUndefined();
      expect(report.agent).toMatch(agent);
    });

    test("everything that can be drawn gives the same points as in Node", async () => {
      const turned = (await readInNode(await readPhoto(join(folder, "public/turned.jpg"))))[0]!;
      for (const [results, expected] of [
        [report.drawables, wanted[0]!],
        [report.turned, turned],
      ] as const) {
        expect(Object.keys(results)).toHaveLength(12);
        for (const [source, faces] of Object.entries(results)) {
          expect(faces, source).toHaveLength(1);
          const most = source === "stretched" || source === "tracked" ? 3 * LARGEST_SHARE : LARGEST_SHARE;
          expect(shareBetween(faces[0]!, expected), source).toBeLessThan(most);
        }
      }
      expect(report.errors).toEqual(Array(4).fill("photo-damaged"));
    });

    test("workers read photos, classify them and follow a video", async () => {
      const [first, broken, ...others] = report.photos;
      expect(broken).toMatchObject({ code: "photo-damaged" });
      const net = await EmotionNet.load();
      for (const [index, [face]] of [first!, ...others].entries()) {
        expect(shareBetween(face!, wanted[index]!)).toBeLessThan(LARGEST_SHARE);
        const { expression } = net.classify(wanted[index]!.landmarks, { units: "pixels" });
        expect(face!.classification.expression).toBe(expression);
      }
      expect(report.sources.isHandedOver).toBe(true);
      for (const [face] of report.sources.faces)
        expect(shareBetween(face!, wanted[1]!)).toBeLessThan(LARGEST_SHARE);
      expect(report.followed.order).toEqual([0, 1, 2, 3, 4, 5]);
      expect(new Set(report.followed.ids.flat()).size).toBe(1);
      expect(shareBetween(report.followed.last[0]!, wanted[2]!)).toBeLessThan(3 * LARGEST_SHARE);
      expect(report.closing).toEqual(["interrupted", "usage"]);
    });
  },
);
