/** What can go wrong between a page and its face workers. */

import { EmotionNetError } from "@emotionnet/core";
import type { SentError } from "./messages.ts";

/** The error that a worker sent. */
export function arrivedError({ code, message }: SentError): EmotionNetError {
  return new EmotionNetError(code, message);
}

export function badWorkers(workers: number): EmotionNetError {
  return new EmotionNetError("usage", {
    got: `${workers} workers for a pool`,
    wanted: "a whole number from 1",
    mend: "Pass the number of cores that are free, or leave it out.",
  });
}

export function noWorkers(): EmotionNetError {
  return new EmotionNetError("engine", {
    got: "a runtime without web workers",
    wanted: "a browser",
    mend: "Use FaceReader itself; in Node, analyze reads many sources on threads.",
  });
}

export function notStarted(reason: string): EmotionNetError {
  return new EmotionNetError("engine", {
    got: `a face worker that did not start (${reason})`,
    wanted: "a module worker",
    mend: "Bundle workers as modules (in Vite worker: { format: 'es' }, and optimizeDeps: { exclude: ['@emotionnet/vision'] }), allow them in the content security policy (worker-src 'self'), or pass createWorker.",
  });
}

export function workerLost(reason: string): EmotionNetError {
  return new EmotionNetError("thread-lost", {
    got: `a face worker that ended (${reason})`,
    wanted: "workers that run until the pool is closed",
    mend: "Start a new pool and repeat the calls.",
  });
}

export function cannotSend(reason: string): EmotionNetError {
  return new EmotionNetError("photo-damaged", {
    got: `no picture that can be handed to a worker (${reason})`,
    wanted: "one that is loaded, not closed and not handed over before",
    mend: "Pass a copy (clone() of a VideoFrame) when you go on using it.",
  });
}

export function poolClosed(): EmotionNetError {
  return new EmotionNetError("usage", {
    got: "a call to a face pool or follower that is closed",
    wanted: "an open one",
    mend: "Close it after the last answer, or start another.",
  });
}

export function poolInterrupted(): EmotionNetError {
  return new EmotionNetError("interrupted", {
    got: "the end of the face pool before the answer",
    wanted: "an open pool until then",
    mend: "Await all calls before close().",
  });
}

/** Of an error or an error event; browsers say nothing of a worker that they forbid. */
export function reasonOf(event: unknown): string {
  const { message } = (event ?? {}) as { message?: unknown };
  return typeof message === "string" && message !== "" ? message : "no reason given";
}
