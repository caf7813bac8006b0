import { describe, expect, it } from "vitest";
import { ChangePoint } from "./change-point.ts";

describe("ChangePoint", () => {
  it("names the first frame of the new state, however late it is asked", () => {
    const change = new ChangePoint();
    for (let frame = 0; frame < 60; frame++) change.update(frame / 30, frame < 20 ? -2 : 2, 1 / 30);
    expect(change.since).toBe(20 / 30);
  });

  it("survives a single contrary frame and starts again after a lasting one", () => {
    const change = new ChangePoint();
    for (let frame = 0; frame < 30; frame++) change.update(frame, frame === 15 ? -3 : 2, 1 / 30);
    expect(change.since).toBe(0);
    for (let frame = 30; frame < 60; frame++) change.update(frame, -2, 1 / 30);
    expect(change.since).toBeUndefined();
    change.update(60, Number.POSITIVE_INFINITY, 1 / 30);
    expect(change.since).toBe(60);
  });

  it("forgets old evidence: after any length of one state the other is found within a second", () => {
    const change = new ChangePoint();
    for (let frame = 0; frame < 30_000; frame++) change.update(frame / 30, 3, 1 / 30);
    for (let frame = 0; frame < 30; frame++) change.update(1000 + frame / 30, -3, 1 / 30);
    expect(change.since).toBeUndefined();
  });
});
