/** The classifier in headless Chromium. */

import { existsSync } from "node:fs";
import { raceBrowser } from "../browser.ts";
import { type Section, table, times, whole } from "./section.ts";

export const browserSection: Section = {
  name: "browser",
  async write() {
    if (!existsSync("/usr/bin/chromium")) {
      return "## The default model in Chromium\n\nNo Chromium was found, so nothing was measured.";
    }
    const { browser, standings, ratios } = await raceBrowser();
    const rows = standings.map(({ name, median }, index) => [name, whole(median), times(ratios[index]!)]);
    return `## The default model in ${browser}, headless

\`node dist/bench/browser.js\`: batch 1, one thread, faces for onnxruntime-web normalised beforehand, median of ${standings[0]!.rates.length} interleaved rounds.

${table(["", "faces/s", "ratio"], rows)}`;
  },
};
