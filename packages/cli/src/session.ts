/** What a command may talk to. */

import type { ProgressLine } from "./terminal/progress-line.ts";
import type { StatusBoard } from "./terminal/status-board.ts";
import type { Colours } from "./terminal/streams.ts";

/** 0 if anything worked, 1 if nothing did, 2 for wrong usage; 130 is the shells' number for Ctrl-C. */
export const EXIT = { ok: 0, nothingWorked: 1, usage: 2, interrupted: 130 } as const;

export interface Session {
  /** Results, to stdout; resolves when there is room for more. */
  readonly print: (text: string) => Promise<void>;
  /** One line to stderr, never in the middle of a progress bar. */
  readonly notice: (text: string) => void;
  /** Progress of long work, to stderr. */
  readonly progress: ProgressLine;
  /** How several things are doing, to stderr. */
  readonly status: StatusBoard;
  /** For stdout; plain text when it is no terminal or NO_COLOR is set. */
  readonly colours: Colours;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
