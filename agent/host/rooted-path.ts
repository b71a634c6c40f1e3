// SPDX-License-Identifier: Apache-2.0
import { realpath } from "node:fs/promises";
import path from "node:path";
import { HostError } from "./host";
import { isNotThere } from "./host-failure";

/** @throws HostError HOST_READ for a path no collector may mean: relative, with `..`, or with a NUL. */
function refuseOddPath(nodePath: string): void {
  if (!nodePath.startsWith("/")) throw new HostError("HOST_READ", `${nodePath} is not an absolute path`);
  if (nodePath.includes("\0")) throw new HostError("HOST_READ", "a path with a NUL character is refused");
  if (nodePath.split("/").includes("..")) throw new HostError("HOST_READ", `${nodePath} is refused: it climbs with ".."`);
}

export interface Root {
  readonly isReal: boolean;
  /**
   * Where a path of the node lies on this machine; null when it is not there (a real root does not look).
   * @throws HostError HOST_FORBIDDEN when symbolic links lead out of the root
   */
  place(nodePath: string): Promise<string | null>;
}

/** The tree in which every path of the node is looked up. Under a root other than `/` nothing outside it can be reached. */
export function createRoot(root: string): Root {
  const folder = path.resolve(root);
  if (folder === "/") {
    return {
      isReal: true,
      async place(nodePath) {
        refuseOddPath(nodePath);
        return nodePath;
      },
    };
  }
  let realFolder: string | null = null;
  return {
    isReal: false,
    async place(nodePath) {
      refuseOddPath(nodePath);
      let real: string;
      try {
        realFolder ??= await realpath(folder);
        real = await realpath(path.join(realFolder, nodePath));
      } catch (error) {
        if (isNotThere(error)) return null;
        throw error;
      }
      if (real !== realFolder && !real.startsWith(`${realFolder}/`)) {
        throw new HostError("HOST_FORBIDDEN", `${nodePath} leads out of the tree ${folder}; it is not followed`);
      }
      return real;
    },
  };
}
