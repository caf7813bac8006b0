import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModel } from "../file/model-file.ts";
import { randomModel } from "../testing/random-model.ts";
import { loadModel } from "./load-model.ts";

const model = randomModel(6);
const bytes = writeModel(model);
const page = "<!doctype html><title>Not here</title>";
const server = createServer((request, response) => {
  const [status, type, body] =
    request.url === "/model"
      ? [200, "application/octet-stream", bytes]
      : request.url === "/page"
        ? [200, "text/html", page]
        : request.url === "/untyped-page"
          ? [200, "application/octet-stream", `\n ${page}`]
          : [404, "text/plain", "gone"];
  response.writeHead(status as number, { "content-type": type as string }).end(body);
});
let folder: string;
let origin: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "emotionnet-load-"));
  await writeFile(join(folder, "my model.safetensors"), bytes);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const refused = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) });

describe("loadModel", () => {
  it("takes a model, its bytes, a path, a file URL, a data URL and a server's URL", async () => {
    const path = join(folder, "my model.safetensors");
    const sources = [
      model,
      bytes,
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      `data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`,
      `${origin}/model`,
      new URL(`${origin}/model`),
    ];
    for (const source of sources) expect(await loadModel(source)).toEqual(model);
  });

  it("says which path has no file", async () => {
    await expect(loadModel(join(folder, "missing.safetensors"))).rejects.toMatchObject(
      refused("model-not-found", /missing\.safetensors \(ENOENT\)/),
    );
  });

  it("says what a server answered", async () => {
    await expect(loadModel(`${origin}/none`)).rejects.toMatchObject(
      refused("model-not-found", /\/none answered with status 404 \(text\/plain\)/),
    );
    await expect(loadModel(`${origin}/page`)).rejects.toMatchObject(
      refused("model-not-found", /web page.*200/),
    );
    await expect(loadModel(`${origin}/untyped-page`)).rejects.toMatchObject(
      refused("model-not-found", /web page/),
    );
    await expect(loadModel("http://127.0.0.1:1/model")).rejects.toMatchObject(
      refused("model-not-found", /no answer/),
    );
  });

  it("checks models that come as objects too", async () => {
    await expect(loadModel({ ...model, layers: [] })).rejects.toMatchObject(
      refused("model-shape", /0 layers/),
    );
  });

  it("refuses bytes cut short", async () => {
    await expect(loadModel(bytes.subarray(0, bytes.length - 1))).rejects.toMatchObject(
      refused("model-damaged", /./),
    );
  });

  it("loads the embedded default model, or says how to make one", async () => {
    const { DEFAULT_MODEL } = await import("../default-model.generated.ts");
    if (DEFAULT_MODEL === "") {
      await expect(loadModel()).rejects.toMatchObject(refused("model-not-found", /train/));
    } else {
      expect((await loadModel()).metadata.spec.classes).toHaveLength(6);
    }
  });
});
