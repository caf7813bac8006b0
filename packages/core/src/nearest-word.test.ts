import { describe, expect, it } from "vitest";
import { nearestWord } from "./nearest-word.ts";

describe("nearestWord", () => {
  const keys = ["set_name", "org_data_path", "post_data_path", "emotion_map"];

  it("finds the key that was meant", () => {
    expect(nearestWord("emotoin_map", keys)).toBe("emotion_map");
    expect(nearestWord("SetName", keys)).toBe("set_name");
    expect(nearestWord("orig_data_path", keys)).toBe("org_data_path");
  });

  it("is silent when nothing is near", () => {
    expect(nearestWord("colour", keys)).toBeUndefined();
    expect(nearestWord("x", [])).toBeUndefined();
  });
});
