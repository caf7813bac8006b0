import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { datasetConfig } from "./config.ts";
import { conversionPaths } from "./paths.ts";

function pathsOf(more: Record<string, unknown>) {
  const config = { set_name: "s", org_data_path: "in", post_data_path: "out", emotion_map: { neutral: 0 } };
  return conversionPaths(datasetConfig({ ...config, ...more }));
}

describe("conversionPaths", () => {
  it("are the original's", () => {
    const paths = pathsOf({});
    expect(paths.labels).toEqual([join("in", "s", "data_factory", "fiducial")]);
    expect(paths.userJson).toBe(join("out", "s", "GT_user_json"));
    expect(paths.combinedRecords).toBe(join("out", "s", "Ground_Truth_DataFactory", "TfRecords_combined"));
  });

  it("name filtered sets apart", () => {
    const { groundTruth } = pathsOf({ is_filtered: true, ground_truth_folder_suffix: "v2" });
    expect(groundTruth).toBe(join("out", "s", "Ground_Truth_filtered_v2"));
  });

  it("look for SDK labels first when the data are from no data factory", () => {
    expect(pathsOf({ is_datafactory: false }).labels[0]).toBe(join("in", "s", "sdklabels"));
  });
});
