/** A page that reads a photo with the installed packages, and what it says in Chromium. */

import { mkdirSync, writeFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { fromGuide } from "../browser/vision-programs.ts";

const program = `
import { EmotionNet } from "@emotionnet/core";
import { FaceReader } from "@emotionnet/vision";
import { FacePool } from "@emotionnet/vision/pool";
async function readPhoto() {
  const photo = await (await fetch("/photo.jpg")).blob();
  const net = await EmotionNet.load();
  const reader = await FaceReader.create();
  const faces = await reader.read(photo);
  const pool = await FacePool.create({ classifier: "default", workers: 1 });
  const pooled = await pool.read(photo);
  return {
    page: faces.map(({ landmarks }) => net.classify(landmarks, { units: "pixels" }).expression),
    worker: pooled.map(({ classification }) => classification.expression),
  };
}
readPhoto().then((answer) => { window.answer = answer; }, (error) => { window.answer = String(error); });`;

/** Writes the page, with the guide's settings for Vite. */
export async function writePage(folder: string, photo: string): Promise<void> {
  mkdirSync(join(folder, "public"), { recursive: true });
  await copyFile(photo, join(folder, "public/photo.jpg"));
  writeFileSync(join(folder, "vite.config.ts"), fromGuide("ts"));
  writeFileSync(join(folder, "main.js"), program);
  writeFileSync(join(folder, "index.html"), '<!doctype html><script type="module" src="/main.js"></script>');
}

/** Opens the page and waits for its answer: the expressions of the photo's faces, or the text of an error. */
export async function answerOf(browser: Browser, address: string): Promise<unknown> {
  const tab = await browser.newPage();
  try {
    await tab.goto(address);
    // Survives the reload after which Vite's development server has prepared all packages.
    await tab.waitForFunction("window.answer");
    return await tab.evaluate("window.answer");
  } finally {
    await tab.close();
  }
}
