/** The original's flags, where they differ from everyday ones: long names behind one dash, and flags of its container. */

/** Its sub-commands; other commands of ours are left alone. */
const taoCommands = ["dataset_convert", "train", "evaluate", "inference", "export"];

/** Long names that the original takes behind a single dash, and those that differ from command to command. */
const otherNames: Readonly<Record<string, string>> = {
  "--model_folder_path": "--model",
  "--model_filename": "--model",
  "--model_path": "--model",
  "--experiment_spec": "--experiment_spec_file",
  "--experiment_spec_filename": "--experiment_spec_file",
  "-config_path": "--config_path",
  "-type": "--eval_type",
  "-ll": "--log_level",
  "-np": "--num_processes",
};

/** Flags that have no meaning here, with the number of values they take and why they are left out. */
const ignored: Readonly<Record<string, { values: 0 | 1 | "several"; why: string }>> = {
  "--gpus": { values: 1, why: "training runs on the processor; --threads says on how many of its cores" },
  "--gpu_index": { values: "several", why: "training runs on the processor" },
  "--num_processes": { values: 1, why: "there is one process" },
  "--mpirun-arg": { values: 1, why: "there is one process" },
  "--multi-node": { values: 0, why: "there is one process" },
  "--launch_cuda_blocking": { values: 0, why: "training runs on the processor" },
  "--use_amp": { values: 0, why: "training runs in float32" },
  "--log_level": { values: 1, why: "progress shows on a terminal, problems always" },
};

export interface TranslatedFlags {
  readonly argv: string[];
  /** What was left out and why, one sentence each. */
  readonly notices: string[];
  /** Of `--log_file`: gets all that would go to the screen, behind what is there. */
  readonly logFile?: string;
}

/** Arguments as the original takes them → arguments as our commands take them. */
export function translateTaoFlags(args: readonly string[]): TranslatedFlags {
  const command = args.find((arg) => !arg.startsWith("-"));
  if (!taoCommands.includes(command ?? "")) return { argv: [...args], notices: [] };
  const argv: string[] = [];
  const notices: string[] = [];
  let logFile: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    const [name, ...inline] = arg.split("=") as [string, ...string[]];
    const flag = otherNames[name] ?? name;
    if (flag === "--log_file") {
      logFile = inline.length > 0 ? inline.join("=") : args[++index];
      continue;
    }
    const rule = Object.hasOwn(ignored, flag) ? ignored[flag]! : undefined;
    if (!rule) {
      argv.push(inline.length > 0 ? [flag, ...inline].join("=") : flag);
      continue;
    }
    notices.push(`${name} is left out: ${rule.why}.`);
    if (inline.length === 0) index += valuesAfter(args, index, rule.values);
  }
  return logFile ? { argv, notices, logFile } : { argv, notices };
}

function valuesAfter(args: readonly string[], index: number, wanted: 0 | 1 | "several"): number {
  const most = wanted === "several" ? args.length : wanted;
  let count = 0;
  while (count < most && index + 1 + count < args.length && !args[index + 1 + count]!.startsWith("-"))
    count++;
  return count;
}
