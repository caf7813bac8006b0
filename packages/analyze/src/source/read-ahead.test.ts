import { describe, expect, it } from "vitest";
import { readAhead } from "./read-ahead.ts";

describe("readAhead", () => {
  it.each([1, 2, 3, 50])("keeps the order and never holds more than %i", async (held) => {
    const items = Array.from({ length: 12 }, (_, index) => index);
    let open = 0;
    let most = 0;
    const load = async (item: number) => {
      most = Math.max(most, ++open);
      // Later items finish earlier.
      await new Promise((resolve) => setTimeout(resolve, (12 - item) % 4));
      return item;
    };
    const seen: number[] = [];
    for await (const item of readAhead(items, load, held)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      seen.push(item);
      open--;
    }
    expect(seen).toEqual(items);
    expect(most).toBe(Math.min(held, 12));
  });

  it("has nothing to say about nothing", async () => {
    for await (const item of readAhead([], async (item) => item, 2)) throw new Error(`got ${item}`);
  });
});
