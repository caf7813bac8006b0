/** npm as a user runs it, whatever started the tests. */

import { spawn } from "node:child_process";
import { type CommandResult, outcome } from "../cli-support.ts";

/** What npm tells its children about the repository, and what would hide the install script of ONNX Runtime. */
const OF_THE_REPOSITORY =
  /^(npm_(package|lifecycle|config_(local_prefix|onnxruntime))|ONNXRUNTIME_|INIT_CWD)/i;

/** Runs a line of shell in a folder; `variables` are added to the environment. */
export async function runShell(
  line: string,
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !OF_THE_REPOSITORY.test(name));
  const env = { ...Object.fromEntries(inherited), NODE_ENV: "", ...variables };
  return outcome(spawn("bash", ["-euo", "pipefail", "-c", line], { cwd: folder, env }));
}

/** Runs a line of shell that must work, and returns what it prints. */
export async function shell(...call: Parameters<typeof runShell>): Promise<string> {
  const { status, stdout, stderr } = await runShell(...call);
  if (status !== 0) throw new Error(`${call[0]} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** Whether npm's registry answers, so that packages can be installed. */
export async function registryAnswers(folder: string): Promise<boolean> {
  const { status } = await runShell("npm ping --fetch-retries=0 --fetch-timeout=10000", folder);
  return status === 0;
}
