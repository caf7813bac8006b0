import { expect, test } from "vitest";
import { translateTaoFlags } from "./tao-flags.ts";

test("long names behind one dash become ordinary ones", () => {
  const { argv, notices } = translateTaoFlags(["dataset_convert", "-config_path", "a.json"]);
  expect(argv).toEqual(["dataset_convert", "--config_path", "a.json"]);
  expect(notices).toEqual([]);
});

test("flags of the original's container are left out with their values, each with a notice", () => {
  const args = [
    "train",
    "--gpus",
    "2",
    "--gpu_index",
    "0",
    "1",
    "--use_amp",
    "-e",
    "a.yaml",
    "-np=2",
    "-ll",
    "INFO",
  ];
  const { argv, notices } = translateTaoFlags(args);
  expect(argv).toEqual(["train", "-e", "a.yaml"]);
  expect(notices.map((notice) => notice.split(" ")[0])).toEqual([
    "--gpus",
    "--gpu_index",
    "--use_amp",
    "-np",
    "-ll",
  ]);
});

test("the log file is taken out, and other names of the original become ours", () => {
  const args = ["evaluate", "--log_file", "a.log", "--model_folder_path=m.tlt", "-type", "kpi_testing"];
  expect(translateTaoFlags(args)).toEqual({
    argv: ["evaluate", "--model=m.tlt", "--eval_type", "kpi_testing"],
    notices: [],
    logFile: "a.log",
  });
  expect(translateTaoFlags(["train", "--log_file=b=1.log"]).logFile).toBe("b=1.log");
});

test("other commands and values with = are left as they are", () => {
  const args = ["analyze", "a.jpg", "--gpus", "2"];
  expect(translateTaoFlags(args).argv).toEqual(args);
  expect(translateTaoFlags(["train", "-r=out=1"]).argv).toEqual(["train", "-r=out=1"]);
});
