// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, type FSWatcher, mkdirSync, openSync, readdirSync, rmSync, watch, writeSync } from "node:fs";
import path from "node:path";
import { errorCode } from "./error-code";

/** A reader opens its FIFO right after making it; one that has not by now never will. */
const OPEN_WITHIN_MS = 3_000;
const TRY_EVERY_MS = 20;
const LOOK_FOR_DEAD_MS = 5_000;

/** What a new reader gets first. `isWhole`: that is all, the stream ends. */
export interface Greeting {
  text: string;
  isWhole: boolean;
}

interface Reader {
  file: string;
  node: string;
  stream: string;
  pid: number;
  fd: number;
}

/**
 * The streams of the simulated tools. Every reader makes a FIFO of its own, `<node>.<stream>.<pid>`, in one folder; it is
 * found by a watch, opened without waiting and written without waiting. A reader that does not keep up is cut off: it starts
 * again and gets a new greeting. So no reader can hold the simulation.
 */
export function createStreams(folder: string, greet: (node: string, stream: string) => Greeting | null) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { force: true });
  const readers = new Map<string, Reader>();
  const opening = new Set<string>();
  let isOpen = true;

  function drop(reader: Reader): void {
    if (!readers.delete(reader.file)) return;
    closeSync(reader.fd);
    rmSync(reader.file, { force: true });
  }

  function say(reader: Reader, text: string): void {
    const bytes = Buffer.from(text);
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(reader.fd, bytes, done);
    } catch (error) {
      const code = errorCode(error);
      // EPIPE: it went away. EAGAIN: it does not keep up; it will come back for a fresh start.
      if (code !== "EPIPE" && code !== "EAGAIN") throw error;
      drop(reader);
    }
  }

  function tryOpen(file: string, name: RegExpExecArray, untilMs: number): void {
    if (!isOpen) return;
    const [, node = "", stream = "", pid = "0"] = name;
    try {
      const fd = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
      opening.delete(file);
      const reader = { file, node, stream, pid: Number(pid), fd };
      readers.set(file, reader);
      const greeting = greet(node, stream);
      if (greeting) say(reader, greeting.text);
      if (greeting === null || greeting.isWhole) drop(reader);
    } catch (error) {
      const code = errorCode(error);
      if (code === "ENXIO" && Date.now() < untilMs) {
        setTimeout(tryOpen, TRY_EVERY_MS, file, name, untilMs);
        return;
      }
      opening.delete(file);
      if (code !== "ENXIO" && code !== "ENOENT") throw error;
      rmSync(file, { force: true });
    }
  }

  function found(entry: string): void {
    const file = path.join(folder, entry);
    const name = /^([^.]+(?:\.[^.]+)*?)\.([a-z0-9_-]+)\.(\d+)$/.exec(entry);
    if (!name || readers.has(file) || opening.has(file)) return;
    opening.add(file);
    tryOpen(file, name, Date.now() + OPEN_WITHIN_MS);
  }

  const watcher: FSWatcher = watch(folder, (_event, entry) => {
    if (entry !== null) found(entry);
  });
  // A reader that was killed says nothing: only the next write would tell.
  const sweep = setInterval(() => {
    for (const reader of readers.values()) if (!isAlive(reader.pid)) drop(reader);
  }, LOOK_FOR_DEAD_MS);

  return {
    /** Writes to every reader of a node's stream; the text is made only if there is one. */
    write(node: string, stream: string, text: () => string): void {
      const wanted = [...readers.values()].filter((reader) => reader.node === node && reader.stream === stream);
      if (wanted.length === 0) return;
      const said = text();
      if (said !== "") for (const reader of wanted) say(reader, said);
    },
    /** Ends streams: of a node that lost its power, or of a tool that no longer hangs. */
    end(node: string, stream: string | null): void {
      for (const reader of [...readers.values()]) if (reader.node === node && (stream === null || reader.stream === stream)) drop(reader);
    },
    count: () => readers.size,
    close(): void {
      isOpen = false;
      watcher.close();
      clearInterval(sweep);
      for (const reader of [...readers.values()]) drop(reader);
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}
