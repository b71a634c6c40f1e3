// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { HostError } from "./host";
import { hostFailure, isNotThere } from "./host-failure";

/** A private folder for files that tools pass to one another; nobody else may look into it, and it is removed afterwards. */
export interface Scratch {
  /** The file's place, to be given to a tool. */
  path(name: string): string;
  write(name: string, text: string): Promise<void>;
  /** Null when no tool has written it. @throws HostError HOST_TOO_LARGE, HOST_READ */
  read(name: string, options?: { maxBytes?: number }): Promise<string | null>;
}

/** As large as a CIB may be. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Acts in a new folder below `parent`, and removes it whatever happens. @throws HostError when it cannot be made */
export async function withScratch<T>(parent: string, act: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = await makeFolder(parent);
  const place = (name: string) => {
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name)) throw new HostError("HOST_READ", "a scratch file has a plain name");
    return path.join(folder, name);
  };
  try {
    return await act({
      path: place,
      async write(name, text) {
        try {
          await writeFile(place(name), text, { mode: 0o600 });
        } catch (error) {
          throw hostFailure(`a file in ${folder}`, error);
        }
      },
      async read(name, { maxBytes = MAX_BYTES } = {}) {
        try {
          const { size } = await stat(place(name));
          if (size > maxBytes) throw new HostError("HOST_TOO_LARGE", `${name} holds ${size} bytes; at most ${maxBytes} are read`);
          return await readFile(place(name), "utf8");
        } catch (error) {
          if (isNotThere(error)) return null;
          throw hostFailure(`a file in ${folder}`, error);
        }
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeFolder(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    return await mkdtemp(path.join(parent, "step-")); // mkdtemp makes it 0700
  } catch (error) {
    throw hostFailure(`a folder in ${parent}`, error);
  }
}
