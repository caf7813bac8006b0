/** `emotionnet demo`: every step of the project once, with real parts, in about two minutes. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EmotionNetError } from "@emotionnet/core";
import type { DemoFlags } from "../commands/demo.ts";
import { EXIT, type Session } from "../session.ts";
import { createProgressLine } from "../terminal/progress-line.ts";
import { classifyPhotos } from "./classify-photos.ts";
import { drawPortraits } from "./draw-portraits.ts";
import { trainSmallModel } from "./train-small-model.ts";

const folder = "emotionnet-demo";

export async function runDemo(
  terminal: Session,
  photos: readonly string[],
  flags: DemoFlags,
): Promise<number> {
  // The demo is to be watched: without a terminal it tells its progress in plain lines.
  const session = process.stderr.isTTY
    ? terminal
    : { ...terminal, progress: createProgressLine(process.stderr, "lines") };
  await makeFolder();
  return photos.length > 0 ? showPhotos(session, photos) : showEverything(session, flags.threads);
}

async function showPhotos(session: Session, photos: readonly string[]): Promise<number> {
  const { readable } = await classifyPhotos(session, photos, join(folder, "contact-sheet.png"));
  if (readable === 0) return EXIT.nothingWorked;
  await session.print(nextSteps(["npx emotionnet analyze --help", "all ways to analyse photos and folders"]));
  return EXIT.ok;
}

async function showEverything(session: Session, threads: number | undefined): Promise<number> {
  const { print, colours } = session;
  await print(`${colours.bold("EmotionNet demo")}: five steps, each one real, all on this machine.\n`);
  await trainSmallModel(session, folder, threads);

  const portraits = await drawPortraits(join(folder, "portraits"));
  await print(
    heading(
      session,
      5,
      `Classify ${portraits.length} portraits, drawn by this program, with the default model`,
    ),
  );
  const paths = portraits.map(({ path }) => path);
  const { answers } = await classifyPhotos(session, paths, join(folder, "contact-sheet.png"));
  const right = portraits.filter(({ path, expression }) => answers.get(path) === expression).length;
  await print(
    `${right} of ${portraits.length} portraits got the expression that was drawn (simulated faces).\n`,
  );
  await print(
    nextSteps(
      ["npx emotionnet demo photo.jpg", "the same with your own photo"],
      ["npx emotionnet analyze photo.jpg", "just the answer"],
      ["npx emotionnet --help", "everything else"],
    ),
  );
  return EXIT.ok;
}

/** The line above each step. */
export function heading({ colours }: Session, step: number, text: string): string {
  return `\n${colours.bold(`${step}/5`)} ${text}\n`;
}

function nextSteps(...steps: [command: string, what: string][]): string {
  const width = Math.max(...steps.map(([command]) => command.length));
  const lines = steps.map(([command, what]) => `  ${command.padEnd(width)}  ${what}\n`);
  return `\nWhat to do next:\n${lines.join("")}`;
}

async function makeFolder(): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new EmotionNetError(
      "file-unwritable",
      {
        got: `the current folder, where "${folder}" cannot be made`,
        wanted: "a folder that you may write to",
        mend: "Change to another folder and run the demo there.",
      },
      { cause },
    );
  }
}
