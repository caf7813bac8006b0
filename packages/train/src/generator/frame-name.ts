/** Frame names in Multi-PIE's form: person, session, recording, camera, image. */

import type { Expression } from "@emotionnet/core";

interface Shot {
  readonly session: number;
  readonly recording: number;
}

/** In which session and recording each expression was posed. */
export const MULTI_PIE_SHOTS: Readonly<Record<Expression, readonly Shot[]>> = {
  neutral: [
    { session: 1, recording: 1 },
    { session: 2, recording: 1 },
    { session: 3, recording: 1 },
    { session: 4, recording: 1 },
    { session: 4, recording: 2 },
  ],
  happy: [
    { session: 1, recording: 2 },
    { session: 3, recording: 2 },
  ],
  surprise: [{ session: 2, recording: 2 }],
  squint: [{ session: 2, recording: 3 }],
  disgust: [{ session: 3, recording: 3 }],
  scream: [{ session: 4, recording: 3 }],
};

/** `SSS_ss_rr_ccc_ii`; persons and images grow beyond their digits when there are more. Persons count from 1. */
export function frameName(person: number, shot: Shot, camera: string, image: number): string {
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  return [
    digits(person, 3),
    digits(shot.session, 2),
    digits(shot.recording, 2),
    camera,
    digits(image, 2),
  ].join("_");
}
