import { expect, test } from "vitest";
import { distance, Motion } from "./motion.ts";
import { newTrackId } from "./track-id.ts";

test("a straight way is forecast, at uneven times too, and not beyond a second", () => {
  const place = (time: number) => ({ x: 100 + 90 * time, y: 50 - 30 * time, size: 80 });
  const motion = new Motion(place(0), 0);
  let time = 0;
  for (let frame = 0; frame < 60; frame++) {
    time += frame % 3 === 0 ? 0.1 : 0.02;
    motion.learn(place(time), time);
  }
  expect(distance(motion.forecast(time + 0.5), place(time + 0.5))).toBeLessThan(0.01);
  expect(motion.forecast(time + 60)).toEqual(motion.forecast(time + 1));
  motion.restart(place(9), 9);
  expect(motion.forecast(9.5)).toEqual(place(9));
});

test("ids are short random words that differ from those in use", () => {
  const ids = new Set<string>();
  for (let index = 0; index < 500; index++) ids.add(newTrackId(ids));
  expect(ids.size).toBe(500);
  for (const id of ids) expect(id).toMatch(/^[a-z2-9]{5}$/);
});
