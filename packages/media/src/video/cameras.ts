/** The cameras that this machine has (V4L2, Linux). */

import { access, constants, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Camera {
  /** As `analyze` takes it: "camera:0". */
  readonly source: string;
  /** What the driver calls it; empty when it does not say. */
  readonly name: string;
  /** False without the right to read it. */
  readonly isReadable: boolean;
}

export interface CameraFolders {
  /** Default `/dev`. */
  readonly devices?: string;
  /** Default `/sys/class/video4linux`. */
  readonly names?: string;
}

/** All of them in the order of their numbers; none on a system without V4L2. */
export async function listCameras(folders: CameraFolders = {}): Promise<Camera[]> {
  const { devices = "/dev", names = "/sys/class/video4linux" } = folders;
  const entries = await readdir(devices).catch(() => []);
  const numbers = entries.flatMap((entry) => /^video(\d{1,3})$/.exec(entry)?.[1] ?? []).map(Number);
  return Promise.all(
    numbers
      .sort((a, b) => a - b)
      .map(async (number): Promise<Camera> => {
        const device = `video${number}`;
        const name = await readFile(join(names, device, "name"), "utf8").catch(() => "");
        const isReadable = await access(join(devices, device), constants.R_OK).then(
          () => true,
          () => false,
        );
        return { source: `camera:${number}`, name: name.trim(), isReadable };
      }),
  );
}
