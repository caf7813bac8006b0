import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { listCameras } from "./cameras.ts";
import { cameraError } from "./video-errors.ts";
import { inputArguments, kindOfVideoSource } from "./video-source.ts";

const folder = mkdtempSync(join(tmpdir(), "emotionnet-cameras-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the cameras of a machine, in the order of their numbers, by name", async () => {
  const [devices, names] = [join(folder, "dev"), join(folder, "names")];
  mkdirSync(devices);
  for (const device of ["video10", "video2", "null", "video", "video2x"])
    writeFileSync(join(devices, device), "");
  mkdirSync(join(names, "video2"), { recursive: true });
  writeFileSync(join(names, "video2", "name"), "HD Webcam\n");
  expect(await listCameras({ devices, names })).toEqual([
    { source: "camera:2", name: "HD Webcam", isReadable: true },
    { source: "camera:10", name: "", isReadable: true },
  ]);
  expect(await listCameras({ devices: join(folder, "none"), names })).toEqual([]);
});

test("ffmpeg is told to open the device by V4L2", () => {
  expect(kindOfVideoSource("camera:3")).toBe("camera");
  expect(inputArguments("camera:3")).toEqual(["-f", "v4l2", "-i", "/dev/video3"]);
});

test.each([
  [[], "which is not there", "there is none", "Plug one in"],
  [
    [{ source: "camera:1", name: "HD Webcam", isReadable: true }],
    "which is not there",
    "there are camera:1 (HD Webcam)",
    "Name one of those.",
  ],
  [
    [{ source: "camera:0", name: "", isReadable: false }],
    "which this user may not read",
    "there are camera:0",
    "usermod -aG video",
  ],
  [
    [{ source: "camera:0", name: "", isReadable: true }],
    "which gives no picture",
    "there are camera:0",
    "Close the program that uses it",
  ],
] as const)("what is wrong with a camera is told: %j", (cameras, state, there, mend) => {
  const { code, message } = cameraError("camera:0", cameras, "");
  expect(code).toBe("stream-unreachable");
  expect(message).toContain(
    `Got the camera "camera:0" (/dev/video0), ${state}; wanted a camera of this machine`,
  );
  expect(message).toContain(there);
  expect(message).toContain(mend);
});
