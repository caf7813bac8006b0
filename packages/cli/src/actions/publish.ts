/** `emotionnet publish`: sends what lies in a spool. */

import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type DeliveryCounts, Publisher, readCertificates } from "@emotionnet/publish";
import type { PublishFlags } from "../commands/publish.ts";
import { EXIT, type Session } from "../session.ts";
import { describeDelivery, describeNotice } from "./publishing.ts";

export async function runPublish(
  session: Session,
  urls: readonly string[],
  { spool, wait, ca }: PublishFlags,
): Promise<number> {
  const all = await Publisher.sendLeft(urls, wait * 1000, {
    ...(spool === undefined ? {} : { spool }),
    ...(ca === undefined ? {} : { ca: await readCertificates(ca) }),
    onNotice: (notice) => session.notice(describeNotice(notice)),
    signal: session.signal,
  });
  for (const counts of all) await session.print(`${await describe(counts)}\n`);
  if (all.every(({ spooled }) => spooled === 0)) return EXIT.ok;
  return session.signal.aborted ? EXIT.interrupted : EXIT.nothingWorked;
}

async function describe(counts: DeliveryCounts): Promise<string> {
  const { target, spooled, recovered, damaged, folder } = counts;
  if (recovered === 0) return `${target}: nothing waits in ${folder}.${await describeOthers(folder)}`;
  const broken = damaged > 0 ? ` ${damaged} lines could not be read.` : "";
  const left = spooled > 0 ? ` What is left stays in ${folder}.` : "";
  return `${describeDelivery(counts)}.${broken}${left}`;
}

/** Spools of other addresses: the one that was meant may be among them. */
async function describeOthers(folder: string): Promise<string> {
  const names = await readdir(dirname(folder)).catch(() => []);
  const others = names.filter((name) => name !== basename(folder));
  return others.length === 0 ? "" : ` Beside it are ${others.sort().join(", ")}.`;
}
