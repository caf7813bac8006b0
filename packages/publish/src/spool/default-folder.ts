import { homedir } from "node:os";
import { join } from "node:path";

/** Where spools are when nobody says otherwise: the folder for state that programs keep between runs. */
export function defaultSpoolFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const local = process.platform === "win32" ? env.LOCALAPPDATA : undefined;
  const state = env.XDG_STATE_HOME || local || join(homedir(), ".local", "state");
  return join(state, "emotionnet", "spool");
}
