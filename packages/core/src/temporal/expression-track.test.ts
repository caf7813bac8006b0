import { describe, expect, it } from "vitest";
import { EXPRESSIONS, type Expression } from "../expressions.ts";
import type { AbstainReason, Classification } from "../results.ts";
import { randomSource } from "../testing/random-model.ts";
import type { ExpressionEnd, ExpressionEvent } from "./expression-events.ts";
import { ExpressionTrack, type TrackOptions } from "./expression-track.ts";
import { timeShare } from "./track-summary.ts";

const FRAME = 1 / 30;

/** An answer in which `expression` has this probability against neutral; the others share a hundredth. */
function answer(expression: Expression, probability: number, reason?: AbstainReason): Classification {
  const probabilities = Object.fromEntries(EXPRESSIONS.map((name) => [name, 0.0025])) as Record<
    string,
    number
  >;
  probabilities.neutral = 0.99 * (1 - probability);
  probabilities[expression] = 0.99 * probability;
  const base = { confidence: probability, probabilities, quality: 0.9 };
  return reason ? { ...base, expression: "unknown", reason } : { ...base, expression };
}

interface Frame {
  readonly time: number;
  readonly answer: Classification;
}

function frames(count: number, answerAt: (time: number) => Classification): Frame[] {
  return Array.from({ length: count }, (_, index) => ({
    time: index * FRAME,
    answer: answerAt(index * FRAME),
  }));
}

function follow(sequence: Frame[], options?: TrackOptions) {
  const track = new ExpressionTrack(EXPRESSIONS, options);
  const updates = sequence.map(({ time, answer }) => track.push(time, answer));
  const events: ExpressionEvent<Expression>[] = [
    ...updates.flatMap((update) => update.events),
    ...track.finish(),
  ];
  const ended = events.filter((event): event is ExpressionEnd<Expression> => event.kind === "end");
  return {
    track,
    updates,
    labels: updates.map(({ label }) => label),
    events,
    ended,
    summary: track.summary(),
  };
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
/** Log-odds of a smile that rises from 1 s, is highest at 1.5 s and fades until 3.5 s. */
const fadingSmile = (time: number) =>
  Math.min(-4 + 16 * (Math.min(time, 1.5) - 1), 4 - 4 * (Math.max(time, 1.5) - 1.5));
const within = (value: number, truth: number) => Math.abs(value - truth) <= FRAME + 1e-9;

describe("a fading smile", () => {
  const { events, ended, labels } = follow(
    frames(150, (time) => answer("happy", sigmoid(fadingSmile(time)))),
  );

  it("is one event with onset, apex and offset within a frame", () => {
    expect(events.map(({ kind }) => kind)).toEqual(["begin", "end"]);
    const [smile] = ended;
    // The log-odds cross 0 at 1.25 s and 2.5 s.
    expect(smile).toMatchObject({ expression: "happy", number: 1, complete: true });
    expect(within(smile!.onset, 1.25)).toBe(true);

    expect(within(smile!.apex, 1.5)).toBe(true);
    expect(within(smile!.offset, 2.5)).toBe(true);
    expect(smile!.duration).toBeCloseTo(smile!.offset - smile!.onset, 12);
    expect(smile!.strength).toBeGreaterThan(0.9);
  });

  it("tells of the beginning before the apex has passed for long, with the same onset", () => {
    const [begin, end] = events;
    expect(begin).toMatchObject({ kind: "begin", number: 1, onset: end!.onset });
    expect(labels.filter((label, index) => label !== labels[index - 1])).toEqual([
      "neutral",
      "happy",
      "neutral",
    ]);
  });

  it("has the same times within a tenth of a second at irregular and low frame rates", () => {
    const random = randomSource(6);
    for (const rate of [10, 15, 120]) {
      let time = 0;
      const sequence = Array.from({ length: 5 * rate }, () => {
        time += (0.5 + random()) / rate;
        return { time, answer: answer("happy", sigmoid(fadingSmile(time))) };
      });
      const [smile, ...others] = follow(sequence).ended;
      expect(others).toEqual([]);
      const slack = 1.5 / rate + FRAME;
      expect(Math.abs(smile!.onset - 1.25)).toBeLessThan(slack);
      expect(Math.abs(smile!.apex - 1.5)).toBeLessThan(slack);
      expect(Math.abs(smile!.offset - 2.5)).toBeLessThan(slack);
    }
  });
});

describe("a clip with known expressions", () => {
  /** neutral 0–1, happy 1–2.5, neutral 2.5–4, surprise 4–5, neutral 5–6; evidence ramps over 0.2 s about each change. */
  function clip(noise: number, seed: number): Frame[] {
    const random = randomSource(seed);
    return frames(180, (time) => {
      const shown = (from: number, to: number) => Math.min(1, 5 * (time - from) + 0.5, 5 * (to - time) + 0.5);
      const [happy, surprise] = [shown(1, 2.5), shown(4, 5)];
      const logOdds =
        8 * Math.max(0, happy, surprise) - 4 + noise * (random() + random() + random() - 1.5) * 2;
      return answer(time < 3.25 ? "happy" : "surprise", sigmoid(logOdds));
    });
  }

  it.each([0, 1, 2])("gives two events within 3 frames and no flicker, with noise of %d nats", (noise) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { ended, labels } = follow(clip(noise, seed));
      expect(ended.map(({ expression }) => expression)).toEqual(["happy", "surprise"]);
      [1, 2.5, 4, 5].forEach((truth, index) => {
        const event = ended[index >> 1]!;
        expect(Math.abs((index % 2 === 0 ? event.onset : event.offset) - truth)).toBeLessThanOrEqual(
          3 * FRAME + 1e-9,
        );
      });
      const changes = labels.filter((label, index) => index > 0 && label !== labels[index - 1]);
      expect(changes).toEqual(["happy", "neutral", "surprise", "neutral"]);
    }
  });
});

describe("short expressions", () => {
  it("keep their own times when they follow quickly on one another", () => {
    const { ended } = follow(
      frames(150, (time) => {
        const isShown = (time >= 2 && time < 2.4) || (time >= 2.8 && time < 3.2);
        return answer("happy", isShown ? 0.97 : 0.03);
      }),
    );
    expect(ended).toHaveLength(2);
    expect(within(ended[0]!.onset, 2) && within(ended[0]!.offset, 2.4)).toBe(true);
    expect(within(ended[1]!.onset, 2.8) && within(ended[1]!.offset, 3.2)).toBe(true);
  });
});

describe("a flickering classifier", () => {
  it("does not flicker in the label", () => {
    const flicker = frames(300, (time) => answer("happy", Math.round(time / FRAME) % 2 === 0 ? 0.95 : 0.05));
    const { labels } = follow(flicker);
    expect(new Set(labels).size).toBe(1);
  });

  it("keeps a held smile through random bursts of wrong frames", () => {
    const random = randomSource(9);
    let wrong = 0;
    const { labels, ended } = follow(
      frames(600, (time) => {
        if (wrong > 0) wrong--;
        else if (random() < 0.05) wrong = 2;
        return answer("happy", time < 1 || wrong > 0 ? 0.03 : 0.97);
      }),
    );
    expect(labels.slice(40).every((label) => label === "happy")).toBe(true);
    expect(ended).toHaveLength(1);
  });
});

describe("missing and unreadable frames", () => {
  const smileFrom = (from: number, to: number) => (time: number) =>
    answer("happy", time >= from && time < to ? 0.97 : 0.03);

  it("bridges a short gap and ends the event after a long one, at the last frame seen", () => {
    const sequence = frames(180, smileFrom(1, 9));
    const short = follow(sequence.filter(({ time }) => time < 2 || time > 2.6));
    expect(short.ended).toMatchObject([{ complete: false }]);
    const long = follow(sequence.filter(({ time }) => time < 2 || time > 4));
    expect(long.ended).toHaveLength(2);
    expect(within(long.ended[0]!.offset, 2)).toBe(true);
    expect(within(long.ended[1]!.onset, 4)).toBe(true);
    expect(long.ended.every(({ complete }) => !complete)).toBe(true);
    expect(Math.abs(short.summary.seconds - 2 - long.summary.seconds)).toBeLessThan(0.1);
  });

  it("holds the label through frames that say nothing, then gives it up, and counts the reasons", () => {
    const sequence = frames(150, (time) =>
      answer("happy", 0.97, time > 1 && time < 3 ? "profile" : undefined),
    );
    const { updates, labels, summary, ended } = follow(sequence);
    expect(labels[45]).toBe("happy");
    expect(updates[45]!.smoothed).toMatchObject({ expression: "unknown", reason: "profile" });
    expect(labels[75]).toBe("unknown");
    expect(labels.at(-1)).toBe("happy");
    expect(ended).toHaveLength(2);
    expect(summary.abstained.profile).toBe(59);
    expect(summary.shares.unknown.seconds).toBeGreaterThan(0.5);
  });

  it("does not read the probabilities of a frame without landmarks", () => {
    const { updates } = follow([
      {
        time: 0,
        answer: {
          expression: "unknown",
          confidence: 0,
          probabilities: {},
          quality: 0,
          reason: "no-landmarks",
        },
      },
    ]);
    expect(updates[0]).toMatchObject({ label: "unknown", smoothed: { reason: "no-landmarks" } });
  });
});

describe("time stamps", () => {
  it("ignores and counts a repeated or slightly earlier time", () => {
    const track = new ExpressionTrack(EXPRESSIONS);
    const first = track.push(5, answer("happy", 0.9));
    expect(track.push(5, answer("disgust", 0.9)).smoothed).toEqual(first.smoothed);
    expect(track.push(4.5, answer("disgust", 0.9)).label).toBe("happy");
    expect(track.summary()).toMatchObject({ frames: 1, ignoredFrames: 2 });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 3.9])("refuses a time of %d after 5", (time) => {
    const track = new ExpressionTrack(EXPRESSIONS);
    track.push(5, answer("happy", 0.9));
    expect(() => track.push(time, answer("happy", 0.9))).toThrow(
      expect.objectContaining({ code: "time-invalid" }),
    );
    expect(track.push(5.1, answer("happy", 0.9)).label).toBe("happy");
  });
});

describe("any stream", () => {
  it("counts the first label as no change, and each later one", () => {
    const held = follow(frames(301, () => answer("happy", 0.97))).summary;
    expect(held.shares.happy).toEqual(timeShare(held.seconds, held.seconds, 0));
    const { shares, seconds } = follow(
      frames(301, (time) => answer("happy", time < 5 ? 0.97 : 0.03)),
    ).summary;
    expect(shares.happy).toEqual(timeShare(shares.happy.seconds, seconds, 1));
  });

  it("keeps probabilities, ordered events and a whole summary, for random answers at random times", () => {
    const random = randomSource(21);
    for (let round = 0; round < 20; round++) {
      let time = random() * 100;
      let bias = 0;
      const sequence = Array.from({ length: 600 }, () => {
        time += random() < 0.02 ? 3 * random() : 0.06 * random();
        if (random() < 0.03) bias = Math.floor(random() * EXPRESSIONS.length);
        const reason = random() < 0.05 ? ("occluded" as const) : undefined;
        return { time, answer: answer(EXPRESSIONS[bias]!, random() ** 0.2, reason) };
      });
      const { updates, events, ended, summary } = follow(sequence);
      for (const { smoothed } of updates) {
        const values = Object.values(smoothed.probabilities);
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect("reason" in smoothed).toBe(smoothed.expression === "unknown");
      }
      expect(events.map(({ kind }) => kind)).toEqual(ended.flatMap(() => ["begin", "end"]));
      let last = Number.NEGATIVE_INFINITY;
      for (const { onset, apex, offset, strength } of ended) {
        expect([last, onset, apex, offset]).toEqual([last, onset, apex, offset].toSorted((a, b) => a - b));
        expect(strength > 0 && strength <= 1).toBe(true);
        last = offset;
      }
      const shares = Object.values(summary.shares);
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      for (const { share, interval } of shares) {
        expect(interval[0] <= share && share <= interval[1]).toBe(true);
        expect(interval[0] >= 0 && interval[1] <= 1).toBe(true);
      }
      expect(Object.values(summary.meanProbabilities).reduce((sum, value) => sum + value, 0)).toBeCloseTo(
        1,
        9,
      );
      expect(Object.values(summary.events).reduce((sum, value) => sum + value, 0)).toBe(ended.length);
    }
  });
});

describe("wrong use", () => {
  it("says so with a code", () => {
    const track = new ExpressionTrack(EXPRESSIONS);
    const broken = { ...answer("happy", 0.9), probabilities: { happy: 1 } };
    expect(() => track.push(0, broken)).toThrow(expect.objectContaining({ code: "probabilities-invalid" }));
    track.finish();
    const codes: (() => unknown)[] = [
      () => track.push(1, answer("happy", 0.9)),
      () => new ExpressionTrack(EXPRESSIONS, { timeConstant: -1 }),
      () => new ExpressionTrack(EXPRESSIONS, { longestGap: 0 }),
      () => new ExpressionTrack(["yes", "no"], { neutralBaseline: "on" }),
    ];
    for (const act of codes) expect(act).toThrow(expect.objectContaining({ code: "usage" }));
  });
});
