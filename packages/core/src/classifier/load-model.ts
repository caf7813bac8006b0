/** Finds a model wherever it is: embedded, in a file, behind a URL, in memory. */

import { EmotionNetError } from "../errors.ts";
import type { Model } from "../file/model.ts";
import { checkModel, readModel } from "../file/model-file.ts";
import { bytesOfBase64, type FetchResponse, platform } from "../platform.ts";

/** A web-standard URL object; only its text is used. */
export interface UrlLike {
  readonly href: string;
}

/** A path or URL, the bytes of a file, or a model. */
export type ModelSource = string | UrlLike | Uint8Array | Model;

/** What core uses of Node's file system. */
interface FileSystem {
  readonly promises: { readFile(path: string | UrlLike): Promise<Uint8Array> };
}

/** @throws EmotionNetError `model-not-found`, or what `readModel` throws. */
export async function loadModel(source?: ModelSource): Promise<Model> {
  if (source === undefined) return readModel(await defaultModel());
  if (source instanceof Uint8Array) return readModel(source);
  if (typeof source === "object" && "layers" in source) return checkModel(source);
  const address = typeof source === "string" ? source : source.href;
  if (/^(https?|data|blob):/i.test(address)) return readModel(await fetchBytes(address));
  return readModel(await readFile(source, address));
}

async function defaultModel(): Promise<Uint8Array> {
  // Imported on demand, so that bundlers keep the weights out of the main file.
  const { DEFAULT_MODEL } = await import("../default-model.generated.ts");
  if (DEFAULT_MODEL !== "") return bytesOfBase64(DEFAULT_MODEL);
  throw notFound(
    "a build without models/default/emotionnet.safetensors",
    "Train one with `emotionnet train`, run `npm run build`, or pass a model to EmotionNet.load.",
  );
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const shown = url.length > 200 ? `${url.slice(0, 60)}…` : url;
  if (!platform.fetch) throw notFound(`${shown} in a runtime without fetch`, "Pass the bytes of the file.");
  let response: FetchResponse;
  let bytes: Uint8Array;
  try {
    response = await platform.fetch(url);
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    const mend = "Check the address, the network, and that the server allows this page to read it (CORS).";
    throw notFound(`no answer from ${shown}`, mend, cause);
  }
  const type = response.headers.get("content-type") ?? "no content type";
  const answer = `${shown} answered with status ${response.status} (${type})`;
  if (!response.ok) throw notFound(answer, "Check the address.");
  if (/html/i.test(type) || startsLikeHtml(bytes)) {
    throw notFound(
      `a web page: ${answer}`,
      "Check the address; many servers answer with a page for a missing file.",
    );
  }
  return bytes;
}

/** Servers with a wrong content type still send a page that starts with "<"; a model's eighth byte is 0, a page's is not. */
function startsLikeHtml(bytes: Uint8Array): boolean {
  return bytes[7] !== 0 && bytes.subarray(0, 64).find((byte) => byte > 0x20) === "<".charCodeAt(0);
}

async function readFile(source: string | UrlLike, address: string): Promise<Uint8Array> {
  const fileSystem = platform.process?.getBuiltinModule?.("node:fs") as FileSystem | undefined;
  if (!fileSystem) {
    throw notFound(`the path ${address} in a runtime without files`, "Pass a URL or the bytes of the file.");
  }
  try {
    return await fileSystem.promises.readFile(/^file:/i.test(address) ? toUrl(source, address) : address);
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? "unreadable";
    throw notFound(`no model file at ${address} (${code})`, "Check the path.", cause);
  }
}

function toUrl(source: string | UrlLike, address: string): UrlLike {
  return typeof source === "object" ? source : new platform.URL(address);
}

function notFound(got: string, mend: string, cause?: unknown): EmotionNetError {
  return new EmotionNetError(
    "model-not-found",
    { got, wanted: "a model file (.safetensors)", mend },
    { cause },
  );
}
