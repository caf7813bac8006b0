/** Who came to which of Multi-PIE's four recording sessions, in numbers. */

import { splitPersons } from "../dataset/split.ts";

export const MULTI_PIE_PERSONS = 337;
/** Persons in sessions 1 to 4 (Gross et al. 2010) … */
const ALL = [249, 203, 230, 239] as const;
/** … and those of them whom the original's split keeps for testing, from the counts of its published table. */
const TESTING = [24, 18, 21, 24] as const;
/** Persons who came to all four. */
const EVERY_TIME = 129;

/**
 * Sessions (1 to 4) of each person, in the order of their numbers 001 to 337. How many came, in all and in the test
 * part, is the original's; which of them came is not known, so the sessions are dealt out in turn.
 */
export function multiPieSessions(): readonly (readonly number[])[] {
  const names = Array.from({ length: MULTI_PIE_PERSONS }, (_, person) => String(person + 1).padStart(3, "0"));
  const { test, validate, train } = splitPersons(names);
  const sessions = new Map<string, number[]>();
  deal(test, TESTING, sessions);
  deal(
    [...validate, ...train],
    ALL.map((count, session) => count - TESTING[session]!),
    sessions,
  );
  return names.map((name) => sessions.get(name)!);
}

function deal(names: readonly string[], counts: readonly number[], sessions: Map<string, number[]>): void {
  const regulars = Math.round((EVERY_TIME * names.length) / MULTI_PIE_PERSONS);
  for (const [index, name] of names.entries()) sessions.set(name, index < regulars ? [1, 2, 3, 4] : []);
  const others = names.slice(regulars);
  let next = 0;
  for (const [session, count] of counts.entries()) {
    for (let rest = count - regulars; rest > 0; rest--) {
      sessions.get(others[next++ % others.length]!)!.push(session + 1);
    }
  }
}
