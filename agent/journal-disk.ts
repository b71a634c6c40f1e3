// SPDX-License-Identifier: Apache-2.0
import { type FileHandle, mkdir, open, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { isNotThere } from "./host/host-failure";

/** What a journal needs of a disk. Every promise settles only when the disk has it for good. */
export interface JournalDisk {
  /** The whole file and when it was last written; null when there is none. */
  load(): Promise<{ bytes: Buffer; writtenAtMs: number } | null>;
  append(text: string): Promise<void>;
  /** Puts a new file in the place of the old one, whole or not at all. */
  replace(text: string): Promise<void>;
  /** Moves a damaged file out of the way; the answer is its new name. */
  setAside(): Promise<string>;
  close(): Promise<void>;
}

const NAME = "journal.jsonl";
const DAMAGED = "journal.damaged-";
/** So many damaged files are kept; then the newest takes the last one's place. */
const KEPT_DAMAGED = 5;

/** The journal's file in the agent's state folder, which is made when it is not there. */
export function createJournalDisk(folder: string): JournalDisk {
  const file = path.join(folder, NAME);
  let handle: FileHandle | null = null;

  /** A rename is durable only when its folder is. */
  async function syncFolder(): Promise<void> {
    const opened = await open(folder, "r");
    try {
      await opened.sync();
    } finally {
      await opened.close();
    }
  }
  async function letGo(): Promise<void> {
    const old = handle;
    handle = null;
    await old?.close();
  }

  return {
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      try {
        return { bytes: await readFile(file), writtenAtMs: Math.round((await stat(file)).mtimeMs) };
      } catch (error) {
        if (isNotThere(error)) return null;
        throw error;
      }
    },
    async append(text) {
      handle ??= await open(file, "a", 0o600);
      await handle.appendFile(text);
      await handle.datasync();
    },
    async replace(text) {
      await letGo();
      const fresh = `${file}.new`;
      const opened = await open(fresh, "w", 0o600);
      try {
        await opened.writeFile(text);
        await opened.sync();
      } catch (error) {
        await unlink(fresh); // half a file on a full disk only keeps it full
        throw error;
      } finally {
        await opened.close();
      }
      await rename(fresh, file);
      await syncFolder();
    },
    async setAside() {
      const taken = new Set(await readdir(folder));
      const free = Array.from({ length: KEPT_DAMAGED }, (_, index) => `${DAMAGED}${index + 1}`).find((name) => !taken.has(name));
      const name = free ?? `${DAMAGED}${KEPT_DAMAGED}`;
      await rename(file, path.join(folder, name));
      return name;
    },
    close: letGo,
  };
}
