/** Which of the words a user gives are videos, and how ffmpeg is told to open them. */

import { extname } from "node:path";

/** A file is read to its end at any pace; an address may be a file or go on for ever; a camera always does. */
export type VideoSourceKind = "file" | "address" | "camera";

const videoExtensions: ReadonlySet<string> = new Set(
  "mp4 m4v mov mkv webm avi mpg mpeg ts mts m2ts 3gp 3g2 wmv asf flv ogv y4m mxf"
    .split(" ")
    .map((name) => `.${name}`),
);

const addressPattern = /^(rtsps?|rtmps?|https?|udp|tcp|srt|rtp):\/\//i;
const cameraPattern = /^camera:(\d{1,3})$/i;

/** Whether a path, address or `camera:N` names a video, told by its form alone. */
export function isVideoSource(source: string): boolean {
  return kindOfVideoSource(source) !== "file" || videoExtensions.has(extname(source).toLowerCase());
}

export function kindOfVideoSource(source: string): VideoSourceKind {
  if (cameraPattern.test(source)) return "camera";
  return addressPattern.test(source) ? "address" : "file";
}

/** Microseconds: ffmpeg's own five seconds for a look at a stream are long to wait after every interruption. */
const analysis = "1000000";

/** The arguments of ffmpeg and ffprobe that open a source. */
export function inputArguments(source: string): string[] {
  const camera = cameraPattern.exec(source);
  if (camera) return ["-f", "v4l2", "-i", `/dev/video${camera[1]}`];
  if (kindOfVideoSource(source) === "file") return ["-i", `file:${source}`];
  // Over UDP, which is RTSP's default, a lost packet is a smeared picture.
  const transport = /^rtsps?:/i.test(source) ? ["-rtsp_transport", "tcp"] : [];
  return [...transport, "-analyzeduration", analysis, "-i", source];
}

/** The source without the name and password that an address may hold. */
export function withoutPassword(source: string): string {
  return kindOfVideoSource(source) === "address" ? source.replace(/(:\/\/)[^/]*@/, "$1…@") : source;
}

/** As messages name it: quoted, without a password. */
export function nameOfSource(source: string): string {
  return JSON.stringify(withoutPassword(source));
}
