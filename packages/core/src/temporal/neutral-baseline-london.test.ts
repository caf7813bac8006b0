import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EmotionNet } from "../classifier/emotion-net.ts";
import { toIbug68 } from "../landmarks/scheme.ts";

const modelFile = new URL("../../../../models/default/emotionnet.safetensors", import.meta.url);
const dataFile = new URL("../../../../../shared/data/london-landmarks.json", import.meta.url);
const isPresent = existsSync(modelFile) && existsSync(dataFile);

interface Sample {
  readonly set: string;
  readonly subject: string;
  readonly label: "neutral" | "happy";
  readonly mesh478: readonly (readonly number[])[];
}

type Person = Record<Sample["label"], Float32Array>;

/** Two photos of each person of the London Set: neutral and smiling. */
function people(): Person[] {
  const { samples } = JSON.parse(readFileSync(dataFile, "utf8")) as { samples: Sample[] };
  const found = new Map<string, Partial<Person>>();
  for (const { subject, label, mesh478 } of samples.filter(({ set }) => set === "london")) {
    const points = toIbug68(mesh478.flatMap((point) => point.slice(0, 2)));
    found.set(subject, { ...found.get(subject), [label]: points });
  }
  return [...found.values()].filter((person): person is Person => !!person.neutral && !!person.happy);
}

describe.skipIf(!isPresent)(
  "the neutral baseline on real faces (needs ../shared/data and models/default)",
  () => {
    it("after 10 s of rest reads more rest as neutral and costs hardly a smile", async () => {
      const net = await EmotionNet.load(readFileSync(modelFile));
      const right = { plain: { neutral: 0, happy: 0 }, corrected: { neutral: 0, happy: 0 } };
      const everyone = people();
      for (const person of everyone) {
        const track = net.track({ neutralBaseline: "on" });
        for (let frame = 0; frame < 300; frame++) {
          track.push(frame / 30, net.classify(track.correct(person.neutral)), person.neutral);
        }
        for (const label of ["neutral", "happy"] as const) {
          if (likeliest(net.classify(person[label]).probabilities) === label) right.plain[label]++;
          const corrected = net.classify(track.correct(person[label]));
          if (likeliest(corrected.probabilities) === label) right.corrected[label]++;
        }
      }
      console.info(`neutral baseline, right of ${everyone.length} people: ${JSON.stringify(right)}`);
      expect(everyone.length).toBeGreaterThan(90);
      expect(right.corrected.neutral).toBeGreaterThanOrEqual(right.plain.neutral);
      expect(right.corrected.happy).toBeGreaterThanOrEqual(right.plain.happy - 0.05 * everyone.length);
    });
  },
);

function likeliest(probabilities: Readonly<Record<string, number>>): string {
  return Object.entries(probabilities).reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
