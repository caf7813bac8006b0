/** What can be wrong with a video or a stream, each in its own sentence. `name` is the quoted path or address. */

import { EmotionNetError } from "@emotionnet/core";
import type { Camera } from "./cameras.ts";

export function toolMissingError(tool: string, cause: unknown): EmotionNetError {
  return new EmotionNetError(
    "system-tool-missing",
    {
      got: `no program "${tool}" on this machine`,
      wanted: "ffmpeg 5.1 or newer, with its ffprobe, which reads and writes videos",
      mend: "Install it: sudo apt-get install ffmpeg (Debian, Ubuntu), brew install ffmpeg (macOS), winget install ffmpeg (Windows).",
    },
    { cause },
  );
}

export function notVideoError(name: string, what: string, said: string): EmotionNetError {
  return new EmotionNetError(
    "video-format",
    {
      got: `${name}, ${what}`,
      wanted: "a video (MP4, MKV, WebM, MOV, AVI, MPEG-TS or another format that ffmpeg reads)",
      mend: "Name another file, or convert this one.",
    },
    { cause: new Error(said) },
  );
}

export function withoutIndexError(name: string, said: string): EmotionNetError {
  return new EmotionNetError(
    "video-damaged",
    {
      got: `${name}, an MP4 file without its index, which stands at its end: it was cut short before its first frame can be read`,
      wanted: "a whole video",
      mend: "Copy or download the file again.",
    },
    { cause: new Error(said) },
  );
}

/** The video broke off. @param seconds of the last frame that was read. @param wanted frames or seconds, in words. */
export function brokenOffError(
  name: string,
  frames: number,
  seconds: number,
  wanted: string | undefined,
  said: string,
): EmotionNetError {
  const got = frames === 0 ? "no frame" : `${frames} frames, up to ${seconds.toFixed(3)} s`;
  return new EmotionNetError(
    "video-damaged",
    {
      got: `${got}, of ${name}, which breaks off or is damaged there`,
      wanted: wanted === undefined ? "a whole video" : `a whole video: its header promises ${wanted}`,
      mend: "What was read is kept; copy or download the file again for the rest.",
    },
    { cause: new Error(said) },
  );
}

export function unreachableError(name: string, said: string): EmotionNetError {
  return new EmotionNetError(
    "stream-unreachable",
    {
      got: `no picture from ${name}`,
      wanted: "a camera or stream that sends video",
      mend: "Check the address, that it is switched on, and that you may use it.",
    },
    { cause: new Error(said) },
  );
}

/** @param cameras all that are there. */
export function cameraError(source: string, cameras: readonly Camera[], said: string): EmotionNetError {
  const camera = cameras.find((other) => other.source === source.toLowerCase());
  const device = `/dev/video${source.split(":")[1]}`;
  const state = camera
    ? camera.isReadable
      ? "which gives no picture"
      : "which this user may not read"
    : "which is not there";
  const there = cameras.map(({ source: other, name }) => (name ? `${other} (${name})` : other)).join(", ");
  const mends = {
    absent: cameras.length > 0 ? "Name one of those." : "Plug one in, or name a file or an address.",
    forbidden: "Join the group that may: sudo usermod -aG video $USER, then log in again.",
    silent: "Close the program that uses it; some cameras have several numbers, of which one gives pictures.",
  };
  return new EmotionNetError(
    "stream-unreachable",
    {
      got: `the camera ${JSON.stringify(source)} (${device}), ${state}`,
      wanted: `a camera of this machine (V4L2, Linux); there ${there ? `are ${there}` : "is none"}`,
      mend: camera ? (camera.isReadable ? mends.silent : mends.forbidden) : mends.absent,
    },
    { cause: new Error(said) },
  );
}

export function unwritableVideoError(path: string, said: string): EmotionNetError {
  const why = /No space left on device|Disk quota exceeded|File too large/i.exec(said)?.[0].toLowerCase();
  return new EmotionNetError(
    "file-unwritable",
    {
      got: `the video ${JSON.stringify(path)}, which cannot be written${why ? ` (${why})` : ""}`,
      wanted: "a name that ends in .mp4, .mov, .mkv or .webm, in a folder with permission and room to write",
      mend: why ? "Make room, or name another place." : "Make the folder, or name another place.",
    },
    { cause: new Error(said) },
  );
}
