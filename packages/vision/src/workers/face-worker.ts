/**
 * A worker of the face pool as a file of its own, `@emotionnet/vision/face-worker`, for bundlers and pages that want to start it
 * themselves: `createWorker: () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" })`, where worker.js
 * imports this.
 */

import { type FaceWorkerPort, serveFaces } from "./serve-faces.ts";

serveFaces(globalThis as unknown as FaceWorkerPort);
