/**
 * Makes the pictures of docs/guide/video.md: `node dist/examples/video-pictures.js [folder, default docs/images]`.
 *
 * Draws the clip of draw-clip.js, looks at it, and keeps the frame at two seconds of the annotated copy and the time-line.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze, Timeline } from "@emotionnet/analyze";
import { readVideo, writePhoto } from "@emotionnet/media";

const target = process.argv[2] ?? "docs/images";
const shownAt = 2;
const folder = mkdtempSync(join(tmpdir(), "emotionnet-pictures-"));
const [clip, marked] = [join(folder, "clip.mp4"), join(folder, "marked.mp4")];

try {
  const program = fileURLToPath(new URL("draw-clip.js", import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [program, clip]);
  if (status !== 0) throw new Error(String(stderr));
  const timeline = new Timeline();
  for await (const result of analyze(clip, { annotate: marked })) {
    if (result.error) throw new Error(result.error.message);
    timeline.add({ ...result, source: "clip.mp4" });
  }
  writeFileSync(join(target, "video-timeline.svg"), timeline.toSvg());
  for await (const { image, time } of readVideo(marked)) {
    if (time < shownAt) continue;
    await writePhoto(join(target, "video-frame.png"), image);
    break;
  }
} finally {
  rmSync(folder, { recursive: true });
}
