import { describe, expect, it } from "vitest";
import { splitPersons } from "../dataset/split.ts";
import { multiPieSessions } from "./multi-pie-sessions.ts";

describe("multiPieSessions", () => {
  const sessions = multiPieSessions();
  const attendance = (persons: readonly (readonly number[])[]) =>
    [1, 2, 3, 4].map((session) => persons.filter((own) => own.includes(session)).length);

  it("has the original's persons in each session, each at least once and never twice", () => {
    expect(sessions).toHaveLength(337);
    expect(attendance(sessions)).toEqual([249, 203, 230, 239]);
    expect(sessions.filter((own) => own.length === 4)).toHaveLength(129);
    for (const own of sessions) {
      expect(own.length).toBeGreaterThan(0);
      expect(new Set(own).size).toBe(own.length);
    }
  });

  it("gives the test part the sessions that its published counts tell", () => {
    const { test } = splitPersons(sessions.map((_, person) => String(person + 1).padStart(3, "0")));
    expect(test).toHaveLength(33);
    expect(attendance(test.map((name) => sessions[Number(name) - 1]!))).toEqual([24, 18, 21, 24]);
  });
});
