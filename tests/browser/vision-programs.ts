/** Programs of pages for the tests of the vision package in a browser. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const guidePath = fileURLToPath(new URL("../../docs/guide/browser.md", import.meta.url));

/** Reads pixels that the test hands it, or a picture of the server in every form that can be drawn. */
export const drawing = `
import { FaceReader } from "@emotionnet/vision";
var plain = (faces) => faces.map((face) => ({ ...face, landmarks: [...face.landmarks] }));
window.readPixels = async ({ width, height, base64, preset }) => {
  const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const reader = await FaceReader.create({ preset });
  return plain(await reader.read({ width, height, data }));
};
window.readDrawables = async (address) => {
  const blob = await (await fetch(address)).blob();
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const offscreen = new OffscreenCanvas(width, height);
  offscreen.getContext("2d").drawImage(bitmap, 0, 0);
  const image = Object.assign(new Image(), { src: address });
  await image.decode();
  const video = Object.assign(document.createElement("video"), { muted: true, srcObject: canvas.captureStream() });
  const timer = setInterval(() => context.drawImage(bitmap, 0, 0), 30);
  await video.play();
  clearInterval(timer);
  const VideoFrame = window.keptVideoFrame ?? window.VideoFrame;
  // A frame of a camera: its colours in planes, stretched when it is drawn, and with a margin that is not shown.
  const wide = new OffscreenCanvas(width + 64, height + 32);
  wide.getContext("2d").drawImage(bitmap, 64, 32);
  const cut = new VideoFrame(wide, { timestamp: 0, visibleRect: { x: 64, y: 32, width, height } });
  const narrow = new OffscreenCanvas(width / 2, height);
  narrow.getContext("2d").drawImage(bitmap, 0, 0, width / 2, height);
  const stretched = new VideoFrame(narrow, { timestamp: 0, displayWidth: width, displayHeight: height });
  const sources = {
    blob, bitmap, canvas, offscreen, image, video, cut, stretched,
    untyped: new Blob([blob]),
    data: offscreen.getContext("2d").getImageData(0, 0, width, height),
    frame: new VideoFrame(bitmap, { timestamp: 0 }),
  };
  const reader = await FaceReader.create();
  const results = {};
  for (const [name, source] of Object.entries(sources)) results[name] = plain(await reader.read(source));
  // Frame by frame only the part around the face is read.
  const tracker = reader.track();
  for (let frame = 0; frame < 4; frame++) results.tracked = plain((await tracker.next(bitmap, frame / 30)).faces);
  return results;
};
window.errorOf = async () => {
  const reader = await FaceReader.create();
  const closed = await createImageBitmap(new ImageData(8, 8));
  closed.close();
  const codes = [];
  for (const source of [new Blob(["no picture"], { type: "image/jpeg" }), closed, new Image(), { width: 5, height: 5, close() {} }]) {
    codes.push(await reader.read(source).then(() => "read", (error) => error.code));
  }
  return codes;
};`;

/** The guide's own program, and what a test has to see of it. */
export const pooling = `${fromGuide("js")}
window.photos = async (addresses) => {
  const files = await Promise.all(addresses.map(async (one) => (await fetch(one)).blob()));
  const answers = await readPhotos([...files.slice(0, 1), new Blob(["no picture"], { type: "image/jpeg" }), ...files.slice(1)]);
  return answers.map((answer) => answer.code ? { code: answer.code, message: answer.message } : plain(answer));
};
var plain = (faces) => faces.map((face) => ({ ...face, landmarks: [...face.landmarks] }));
window.sources = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const { width, height } = bitmap;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  const sources = [address, new URL(address, location.href), bitmap, frame, context.canvas, context.getImageData(0, 0, width, height)];
  const faces = (await Promise.all(sources.map((source) => pool.read(source)))).map(plain);
  return { faces, isHandedOver: bitmap.width === 0 && frame.format === null };
};
window.follow = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const follower = pool.track();
  const order = [];
  const frames = await Promise.all([0, 1, 2, 3, 4, 5].map(async (index) => {
    const frame = await follower.next(new VideoFrame(bitmap, { timestamp: index }), index / 30);
    order.push(index);
    return frame;
  }));
  follower.close();
  return { order, ids: frames.map(({ faces }) => faces.map(({ track }) => track)), last: plain(frames.at(-1).faces) };
};
window.followStream = async (address) => {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext("2d");
  const timer = setInterval(() => context.drawImage(bitmap, 0, 0), 30);
  const video = Object.assign(document.createElement("video"), { muted: true, srcObject: canvas.captureStream() });
  document.body.append(video);
  await video.play();
  const frames = [];
  const follower = await new Promise((resolve) => {
    const started = followVideo(video, (frame) => { frames.push(frame); if (frames.length === 4) resolve(started); });
  });
  video.srcObject = null;
  clearInterval(timer);
  follower.close();
  return frames.map(({ faces }) => faces.map(({ track, classification }) => [track, classification.expression]));
};
window.missing = () => pool.read("/none.jpg").catch(({ code, message }) => ({ code, message }));
window.closing = async (address) => {
  const call = pool.read(address).catch(({ code }) => code);
  pool.close();
  return [await call, await pool.read(address).catch(({ code }) => code)];
};
window.workers = pool.workers;`;

/** Runs both programs and sends what they found to `/report`, where a browser has no driver. */
export const reporting = `
const found = { agent: navigator.userAgent };
try {
  found.drawables = await readDrawables("/portrait-0.jpg");
  found.turned = await readDrawables("/turned.jpg");
  found.errors = await errorOf();
  found.photos = await photos([0, 1, 2].map((index) => "/portrait-" + index + ".jpg"));
  found.sources = await sources("/portrait-1.jpg");
  found.followed = await follow("/portrait-2.jpg");
  found.closing = await closing("/portrait-0.jpg");
} catch (error) {
  found.error = String(error) + " " + error?.stack;
}
await fetch("/report", { method: "POST", body: JSON.stringify(found) });`;

/** All blocks of a language in the guide for browsers. */
export function fromGuide(language: "js" | "ts"): string {
  const guide = readFileSync(guidePath, "utf8");
  return [...guide.matchAll(/```(\w+)\n(.*?)```/gs)]
    .flatMap(([, info, code]) => (info === language ? [code] : []))
    .join("\n");
}
