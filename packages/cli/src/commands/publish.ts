import type { Command } from "commander";
import type { Start } from "../program.ts";
import type { Session } from "../session.ts";
import { seedNumber } from "./values.ts";

export interface PublishFlags {
  readonly spool?: string;
  readonly wait: number;
  readonly ca?: string;
}

const help = `
Give the address as it was given to analyze --publish (the password may differ). What a command that still runs
has spooled is left to it. Exit status: 0 when nothing is left, 1 when something is, 2 for wrong usage.

Examples:
  $ emotionnet publish mqtt://localhost/faces
  $ emotionnet publish --spool /var/spool/faces "redis://localhost?stream=faces"`;

export function addPublish(program: Command, session: Session, start: Start): void {
  program
    .command("publish")
    .description("send what an earlier analyze --publish has left in its spool")
    .argument("<url...>", "brokers: mqtt://host/topic, redis://host, amqp://host, kafka://host/topic")
    .option("--spool <folder>", "where messages wait; the --publish-spool of analyze")
    .option("--wait <seconds>", "give up a broker that takes nothing for so long", seedNumber, 10)
    .option("--ca <file>", "certificates of authorities to trust beside the usual ones, as PEM")
    .addHelpText("after", help)
    .action((urls: string[], flags: PublishFlags) =>
      start(import("../actions/publish.ts").then((action) => action.runPublish(session, urls, flags))),
    );
}
