/** Model files under a key: standard age files with a passphrase (age-encryption.org/v1), which `age -d` opens too. */

import { EmotionNetError } from "@emotionnet/core";
import { Decrypter, Encrypter } from "age-encryption";
import { assertKey } from "./key.ts";

/** File names of models under a key: trainable (safetensors inside) and deployable (ONNX inside). */
export const SEALED_EXTENSIONS = { trainable: ".tlt", deployable: ".etlt" } as const;

/**
 * scrypt's cost is 2^15 = 32,768 rounds of 8 blocks (32 MiB): about 0.15 s for each opening here, where age's default of
 * 2^18 takes 1.7 s. TAO's scripts open a model at every step, and their keys are names shared by a team, for which a
 * slower derivation would buy little: what protects a model is a long random key.
 */
const SCRYPT_WORK_FACTOR = 15;

const AGE_HEADER = "age-encryption.org/v1";

/** Whether bytes begin as an age file. */
export function isSealed(bytes: Uint8Array): boolean {
  return textAt(bytes, 0, AGE_HEADER.length) === AGE_HEADER;
}

/** Encrypts bytes under a key. Two calls give different bytes. @throws EmotionNetError `key-missing` for an empty key. */
export async function seal(bytes: Uint8Array, key: string): Promise<Uint8Array> {
  assertKey(key, "seal the model with");
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(SCRYPT_WORK_FACTOR);
  encrypter.setPassphrase(key);
  return encrypter.encrypt(bytes);
}

/**
 * Decrypts what `seal` made, or any age file with a passphrase.
 * @param name of the file, for messages.
 * @throws EmotionNetError `key-wrong`, `key-missing`, `sealed-damaged`; for other files than age's as `openModel`.
 */
export async function open(bytes: Uint8Array, key: string, name = "the model file"): Promise<Uint8Array> {
  assertKey(key, `open ${name} with`);
  if (!isSealed(bytes)) throw notSealed(bytes, name);
  assertPassphraseFile(bytes, name);
  const fileKey = await fileKeyOf(headerOf(bytes, name), key, name);
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  try {
    return await decrypter.decrypt(bytes);
  } catch (cause) {
    throw damagedFile(name, "it fails its own checks", cause);
  }
}

/** The header alone first: what fails here is the key, what fails after it is damage. */
async function fileKeyOf(header: Uint8Array, key: string, name: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(key);
  try {
    return await decrypter.decryptHeader(header);
  } catch (cause) {
    throw /no identity matched/.test(String(cause))
      ? wrongKey(name)
      : damagedFile(name, "its header is wrong", cause);
  }
}

/**
 * The model inside a file: opened when it is sealed, as it is when it is a plain safetensors or ONNX file.
 * @param key may be absent for a plain file.
 * @throws EmotionNetError as `open`, `model-encrypted` for NVIDIA's own encrypted files, and `model-damaged` for text.
 */
export async function openModel(
  bytes: Uint8Array,
  key: string | undefined,
  name = "the model file",
): Promise<Uint8Array> {
  if (isPlainModel(bytes)) return bytes;
  if (!isSealed(bytes)) throw notSealed(bytes, name);
  assertKey(key, `open ${name} with`);
  return open(bytes, key, name);
}

/** safetensors: an 8-byte length and `{`. ONNX: field 1 of a ModelProto, a small IR version. */
function isPlainModel(bytes: Uint8Array): boolean {
  const isSafetensors = bytes[8] === 0x7b && bytes[6] === 0 && bytes[7] === 0;
  const isOnnx = bytes[0] === 0x08 && bytes[1] !== undefined && bytes[1] > 0 && bytes[1] < 0x20;
  return isSafetensors || isOnnx;
}

/** NVIDIA's `.etlt`: the length of the input's name (int32, little-endian), that name, then encrypted bytes. */
function nvidiaInputName(bytes: Uint8Array): string | undefined {
  if (bytes.length < 6) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
  if (length < 1 || length > 256 || bytes.length < 4 + length) return undefined;
  const name = textAt(bytes, 4, length);
  return /^[\w./:-]+$/.test(name) ? name : undefined;
}

function notSealed(bytes: Uint8Array, name: string): EmotionNetError {
  if (bytes.length === 0) return damagedFile(name, "it is empty");
  if (isText(bytes)) {
    return new EmotionNetError("model-damaged", {
      got: `${name}, which holds text`,
      wanted: "a .tlt, .etlt, .safetensors or .onnx model",
      mend: "Name the file of the model itself; a spec goes to -e.",
    });
  }
  const input = nvidiaInputName(bytes);
  const kind = input
    ? `NVIDIA's own encryption (it names the input "${input}")`
    : "an encryption that is not this project's, as NVIDIA's own model files have, or it is damaged";
  return new EmotionNetError("model-encrypted", {
    got: `${name}, which has ${kind}`,
    wanted: "a model made by this project's train or export, or a plain ONNX file",
    mend:
      "NVIDIA's weights are locked to its own tools and cannot be read here. Use the default model, train one on your " +
      "labels with `emotionnet train`, or start from a plain ONNX export that you are licensed to use (pretrained_model_path).",
  });
}

const LOOKED_AT = 512;

/** Encrypted bytes and graphs have control characters or no valid UTF-8 right at their beginning. */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, LOOKED_AT);
  const hasControl = start.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  // The last characters may be cut in the middle.
  const text = new TextDecoder().decode(start, { stream: true });
  return !hasControl && !text.includes("\uFFFD");
}

function wrongKey(name: string): EmotionNetError {
  return new EmotionNetError("key-wrong", {
    got: `a key that does not open ${name}`,
    wanted: "the key the file was made with",
    mend: "Check -k (or EMOTIONNET_KEY) for case and spaces. If the key is surely right, the file's first lines are damaged: copy it again.",
  });
}

function damagedFile(name: string, problem: string, cause?: unknown): EmotionNetError {
  return new EmotionNetError(
    "sealed-damaged",
    {
      got: `${name}, which is damaged or cut short: ${problem}`,
      wanted: "a whole model file",
      mend: "Copy the file again from where it came, or export it again.",
    },
    { cause },
  );
}

/** The header of an age file: everything up to the line of its checksum. */
function headerOf(bytes: Uint8Array, name: string): Uint8Array {
  const start = textAt(bytes, 0, Math.min(bytes.length, 4096));
  const checksum = /\n--- [^\n]*\n/.exec(start);
  if (!checksum) throw damagedFile(name, "its header has no end");
  return bytes.subarray(0, checksum.index + checksum[0].length);
}

function assertPassphraseFile(bytes: Uint8Array, name: string): void {
  const recipient = /\n-> (\S+)/.exec(textAt(bytes, 0, Math.min(bytes.length, 4096)))?.[1];
  if (recipient === undefined || recipient === "scrypt") return;
  throw new EmotionNetError("key-wrong", {
    got: `${name}, an age file for a ${recipient} recipient`,
    wanted: "an age file with a passphrase",
    mend: "Open it with `age -d -i IDENTITY`, and give the plain file instead.",
  });
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
