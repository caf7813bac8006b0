import { afterEach, expect, test, vi } from "vitest";
import { packPicture } from "./pack-picture.ts";

afterEach(() => vi.unstubAllGlobals());

test("addresses are told in full, files stay with the page", async () => {
  vi.stubGlobal("document", { baseURI: "https://example.org/album/" });
  expect(await packPicture("a.jpg")).toEqual({ picture: "https://example.org/album/a.jpg", transfer: [] });
  const url = new URL("https://example.org/b.jpg");
  expect(await packPicture(url)).toEqual({ picture: url.href, transfer: [] });
  const blob = new Blob(["not looked at"]);
  expect(await packPicture(blob)).toEqual({ picture: blob, transfer: [] });
});

test("pixels travel with their memory, and only with their own", async () => {
  const own = { width: 2, height: 1, data: new Uint8Array(8) };
  expect((await packPicture(own)).transfer).toEqual([own.data.buffer]);
  const memory = Uint8Array.from({ length: 20 }, (_, at) => at);
  const packed = await packPicture({ width: 2, height: 1, data: memory.subarray(4, 12) });
  expect(packed.transfer).not.toContain(memory.buffer);
  expect(packed.picture).toEqual({ width: 2, height: 1, data: memory.slice(4, 12) });
  const shared = new Uint8Array(new SharedArrayBuffer(8));
  expect((await packPicture({ width: 2, height: 1, data: shared })).transfer[0]).toBeInstanceOf(ArrayBuffer);
});

test("what cannot be handed over is a damaged photo", async () => {
  const none = { width: 2, height: 1, data: new Uint8Array(0) };
  await expect(packPicture(none)).rejects.toMatchObject({ code: "photo-damaged" });
  await expect(packPicture("https://[")).rejects.toMatchObject({ code: "photo-damaged" });
});
