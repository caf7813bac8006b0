import type { Session } from "../session.ts";

/** The original's models were always encrypted; ours are plain files, and whoever passes a key is told. */
export function noteKey(session: Session, key: string | undefined): void {
  if (key !== undefined)
    session.notice("note: the key is left out: model files are read and written without one.");
}
