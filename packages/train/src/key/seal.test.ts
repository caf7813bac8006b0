import { EmotionNetError } from "@emotionnet/core";
import { Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, it } from "vitest";
import { keyFrom } from "./key.ts";
import { isSealed, open, openModel, seal } from "./seal.ts";

const KEY = "nvidia_tlt-ключ 7";
const model = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
model.set([0x08, 0x0a]);
let sealed: Uint8Array;
beforeAll(async () => {
  sealed = await seal(model, KEY);
});

/** The error a promise fails with; a promise that does not fail is an error too. */
async function errorOf(promise: Promise<unknown>): Promise<EmotionNetError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(EmotionNetError);
  expect(error.message).not.toContain(KEY);
  return error;
}

function changed(at: number): Uint8Array {
  const copy = Uint8Array.from(sealed);
  copy[at]! ^= 1;
  return copy;
}

describe("seal and open", () => {
  it("give the same bytes back", async () => {
    expect(isSealed(sealed)).toBe(true);
    expect(await open(sealed, KEY)).toEqual(model);
    expect(await openModel(sealed, KEY)).toEqual(model);
    expect(await open(await seal(new Uint8Array(0), KEY), KEY)).toEqual(new Uint8Array(0));
    expect(await seal(model, KEY)).not.toEqual(sealed);
  });

  it("write a passphrase file of age with a work factor of 2^15", () => {
    const header = new TextDecoder("latin1").decode(sealed.subarray(0, 100));
    expect(header).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S{22} 15\n/);
  });

  it("tell a wrong key", async () => {
    expect(await errorOf(open(sealed, `${KEY} `, "m.tlt"))).toMatchObject({
      code: "key-wrong",
      message: expect.stringMatching(/does not open m\.tlt/),
    });
  });

  it("tell a missing key", async () => {
    for (const key of [undefined, ""]) {
      expect(await errorOf(openModel(sealed, key, "m.tlt"))).toMatchObject({
        code: "key-missing",
        message: expect.stringMatching(/EMOTIONNET_KEY/),
      });
    }
    expect(await errorOf(seal(model, ""))).toMatchObject({ code: "key-missing" });
  });

  it("tell damage anywhere behind the key's own line", async () => {
    const body = sealed.length - model.length;
    for (const at of [body, Math.floor(sealed.length / 2), sealed.length - 1]) {
      expect((await errorOf(open(changed(at), KEY))).code).toBe("sealed-damaged");
    }
    for (const length of [25, 100, body, sealed.length - 1, sealed.length - 70_000]) {
      expect((await errorOf(open(sealed.subarray(0, length), KEY))).code).toBe("sealed-damaged");
    }
  });

  it("tell an age file for somebody's identity", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(await generateIdentity()));
    const error = await errorOf(open(await encrypter.encrypt(model), KEY));
    expect(error).toMatchObject({ code: "key-wrong", message: expect.stringMatching(/recipient/) });
  });
});

describe("openModel", () => {
  it("passes plain models through, with or without a key", async () => {
    const header = new TextEncoder().encode('{"__metadata__":{}}');
    const safetensors = new Uint8Array(8 + header.length);
    safetensors[0] = header.length;
    safetensors.set(header, 8);
    for (const plain of [model, safetensors]) {
      expect(await openModel(plain, undefined)).toBe(plain);
      expect(await openModel(plain, KEY)).toBe(plain);
    }
  });

  it("refuses NVIDIA's files with what to do instead", async () => {
    const input = "input_landmarks";
    const etlt = new Uint8Array(4 + input.length + 1000).map((_, index) => (index * 97 + 13) & 0xff);
    new DataView(etlt.buffer).setInt32(0, input.length, true);
    etlt.set(new TextEncoder().encode(input), 4);
    expect(await errorOf(openModel(etlt, "nvidia_tlt", "model.etlt"))).toMatchObject({
      code: "model-encrypted",
      message: expect.stringMatching(/model\.etlt.*NVIDIA.*"input_landmarks".*emotionnet train/),
    });
    const tlt = etlt.subarray(4 + input.length);
    expect(await errorOf(openModel(tlt, undefined))).toMatchObject({
      code: "model-encrypted",
      message: expect.stringMatching(/NVIDIA/),
    });
    expect((await errorOf(openModel(new Uint8Array(0), KEY))).code).toBe("sealed-damaged");
  });

  it("takes text for text, not for a secret", async () => {
    const spec = new TextEncoder().encode(`# épreuves\n${"class_list: [neutral]\n".repeat(40)}`);
    expect(await errorOf(openModel(spec, KEY, "small.yaml"))).toMatchObject({
      code: "model-damaged",
      message: expect.stringMatching(/^Got small\.yaml, which holds text; .*a spec goes to -e/),
    });
  });
});

describe("keyFrom", () => {
  it("prefers the flag, then the environment", () => {
    const environment = { EMOTIONNET_KEY: "from-environment" };
    expect(keyFrom({ key: "from-flag" }, environment)).toBe("from-flag");
    expect(keyFrom({ key: "" }, environment)).toBe("from-environment");
    expect(keyFrom({}, environment)).toBe("from-environment");
    expect(keyFrom({}, { EMOTIONNET_KEY: "" })).toBeUndefined();
  });
});
