#!/usr/bin/env node
/**
 * Fits the parameters of the face generator and writes them to a file.
 *
 *     node packages/train/dist/generator/fit/fit-generator.js <data directory> <output file>
 *
 * The data directory holds `ict-face-landmarks.json` (the 68 landmark vertices of ICT-FaceKit: neutral mesh, identity
 * modes, expression shapes), `london-landmarks.json` (attention-mesh points of neutral and smiling photographs) and
 * `london-templates.json` (points placed by hand on the neutral ones).
 * The output is `packages/train/data/face-generator.json`; the same input gives the same bytes.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "@emotionnet/files";
import { fitParameters } from "./fit-parameters.ts";

const [directory, output] = process.argv.slice(2);
if (directory === undefined || output === undefined) {
  process.stderr.write("Usage: node fit-generator.js <data directory> <output file>\n");
  process.exitCode = 2;
} else {
  const read = (name: string) => readFileSync(join(directory, name));
  const parameters = fitParameters(
    read("ict-face-landmarks.json"),
    read("london-landmarks.json"),
    read("london-templates.json"),
  );
  await writeWhole(output, `${JSON.stringify(parameters)}\n`);
  process.stderr.write(`Wrote ${output}\n`);
}
