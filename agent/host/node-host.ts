// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import { readdir, readlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type Clock, systemClock } from "../clock";
import { systemCode } from "../plain-text";
import { createFifoShare } from "./fifo-share";
import { type Flow, keepFollowing } from "./follow";
import { fileFlow } from "./follow-file";
import { kmsgThrough } from "./follow-kmsg";
import { type Host, HostError } from "./host";
import { hostFailure, isNotThere } from "./host-failure";
import { createLanes } from "./lanes";
import { createLineSplitter, MAX_LINE_BYTES } from "./lines";
import { isQuickFile, isQuickFolder } from "./quick-files";
import { readWhole, readWholeNow } from "./read-file";
import { createRoot } from "./rooted-path";
import { createToolRunner, type ToolRunner } from "./run-tool";
import { withScratch } from "./scratch";
import { createTools } from "./tools";

export interface NodeHostOptions {
  /** The tree in which paths are looked up; `/` is the node itself. */
  root: string;
  /** The folder that tools are taken from; under a root the only one. */
  bin?: string | null | undefined;
  /** A CIB to answer from instead of a live cluster: Pacemaker's tools then run, from PATH, on it. */
  cibFile?: string | null | undefined;
  clock?: Clock;
  /** Threads that Node reads files with (UV_THREADPOOL_SIZE). */
  ioThreads?: number;
  /** Where private folders for files between tools are made. Default: the system's temporary folder. */
  scratchIn?: string;
  /** For tests: how a process group is killed. */
  kill?: (pid: number) => void;
}

export interface NodeHost extends Host {
  /** Kills every tool that still runs. */
  close(): void;
}

const READ_TIMEOUT_MS = 2_000;
const READ_MAX_BYTES = 1024 * 1024;
const READ_TRIES = 4;
const RUN_TIMEOUT_MS = 5_000;
const RUN_MAX_BYTES = 4 * 1024 * 1024;
const MAX_NAMES = 4_096;
const NEWLINE = 0x0a;

/** The kernel's own text. Not below `/sys/kernel`: a file of debugfs may lock its device when it is opened. */
function isKernels(nodePath: string): boolean {
  return nodePath.startsWith("/proc/") || (nodePath.startsWith("/sys/") && !nodePath.startsWith("/sys/kernel/"));
}

function isFinished(bytes: Buffer, mayBeUnfinished: boolean): boolean {
  return mayBeUnfinished || bytes.length === 0 || bytes.at(-1) === NEWLINE;
}

/** The node this program runs on, or a recorded or simulated tree that stands for one. */
export function createHost(options: NodeHostOptions): NodeHost {
  const clock = options.clock ?? systemClock;
  const root = createRoot(options.root);
  const tools = createTools({ isReal: root.isReal, bin: options.bin ?? null, cibFile: options.cibFile ?? null }, clock);
  const runner: ToolRunner = createToolRunner(tools.env, clock, options.kill);
  const lanes = createLanes(clock, Math.max(1, (options.ioThreads ?? 4) - 1));
  const fifos = createFifoShare(clock);

  /** Null when it is not there; every other failure as a HostError. */
  function reach<T>(nodePath: string, timeoutMs: number, act: (place: string) => Promise<T>): Promise<T | null> {
    return lanes.run(nodePath, timeoutMs, async () => {
      try {
        const place = await root.place(nodePath);
        return place === null ? null : await act(place);
      } catch (error) {
        if (isNotThere(error)) return null;
        throw hostFailure(nodePath, error);
      }
    });
  }

  /** As `reach`, at once: for what cannot hang. */
  function reachNow<T>(nodePath: string, act: () => T): T | null {
    try {
      return act();
    } catch (error) {
      if (isNotThere(error)) return null;
      throw hostFailure(nodePath, error);
    }
  }

  function toolFlow(tool: string, args: readonly string[], holdsInput: boolean): Flow {
    return {
      async open(heard) {
        const file = await tools.find(tool);
        return file === null ? null : runner.stream(file, args, { chunk: heard.chunk, end: heard.ended }, holdsInput);
      },
    };
  }
  function pathFlow(nodePath: string, from: "start" | "end"): Flow {
    const copying = async () => ((await tools.find("cat")) === null ? null : toolFlow("cat", [nodePath], false).open);
    return root.isReal && nodePath === "/dev/kmsg"
      ? kmsgThrough(copying, nodePath, from, clock)
      : fileFlow(() => root.place(nodePath), from, fifos, clock);
  }

  return {
    isReal: root.isReal,
    now: clock.now,

    async read(nodePath, { maxBytes = READ_MAX_BYTES, mayBeUnfinished = false, timeoutMs = READ_TIMEOUT_MS } = {}) {
      if (root.isReal && isQuickFile(nodePath)) {
        const now = reachNow(nodePath, () => readWholeNow(nodePath, maxBytes));
        if (now === null || isFinished(now, mayBeUnfinished)) return now?.toString("utf8") ?? null;
        // A text caught half-way is read again by the longer way.
      }
      const mayBeDevice = !root.isReal || nodePath.startsWith("/dev/");
      const limits = { maxBytes, mayBeDevice, mayOpenDevice: root.isReal, isKernels: root.isReal && isKernels(nodePath) };
      return reach(nodePath, timeoutMs, async (place) => {
        for (let tries = 0; tries < READ_TRIES; tries++) {
          const bytes = await readWhole(place, nodePath, limits);
          if (isFinished(bytes, mayBeUnfinished)) return bytes.toString("utf8");
        }
        throw new HostError("HOST_UNFINISHED", `${nodePath} ends in the middle of a line, ${READ_TRIES} times in a row`);
      });
    },

    async list(nodePath) {
      const isQuick = root.isReal && isQuickFolder(nodePath);
      const names = isQuick
        ? reachNow(nodePath, () => readdirSync(nodePath))
        : await reach(nodePath, READ_TIMEOUT_MS, (place) => readdir(place));
      if (names !== null && names.length > MAX_NAMES) {
        throw new HostError("HOST_TOO_LARGE", `${nodePath} holds ${names.length} names; at most ${MAX_NAMES} are read`);
      }
      return names?.sort() ?? null;
    },

    async readLink(nodePath) {
      // The link itself is wanted: only the folder it lies in is looked up in the root.
      const cut = nodePath.lastIndexOf("/");
      const folder = nodePath.slice(0, cut) || "/";
      const name = nodePath.slice(cut + 1);
      if (name === "" || name === "." || name === "..") throw new HostError("HOST_READ", `${nodePath} does not name a link`);
      return reach(folder, READ_TIMEOUT_MS, async (place) => {
        try {
          return await readlink(`${place}/${name}`);
        } catch (error) {
          if (systemCode(error) === "EINVAL") throw new HostError("HOST_READ", `${nodePath} is not a symbolic link`, { cause: error });
          throw error;
        }
      });
    },

    async run(tool, args, { timeoutMs = RUN_TIMEOUT_MS, maxBytes = RUN_MAX_BYTES, cibFile } = {}) {
      const file = await tools.find(tool);
      return file === null ? null : runner.run(tool, file, args, { timeoutMs, maxBytes, cibFile });
    },

    async has(tool) {
      return (await tools.find(tool)) !== null;
    },

    scratch: (act) => withScratch(options.scratchIn ?? tmpdir(), act),

    async namedCib({ maxBytes = READ_MAX_BYTES } = {}) {
      const file = options.cibFile ?? null;
      if (file === null) return null;
      return lanes.run(file, READ_TIMEOUT_MS, async () => {
        try {
          return (await readWhole(file, file, { maxBytes, mayBeDevice: false, mayOpenDevice: false, isKernels: false })).toString("utf8");
        } catch (error) {
          throw hostFailure(file, error);
        }
      });
    },

    follow(what, onLine, signal) {
      const flow =
        what.tool !== undefined
          ? toolFlow(what.tool, what.args ?? [], what.holdsInput ?? false)
          : what.path !== undefined
            ? pathFlow(what.path, what.from ?? "end")
            : null;
      if (flow === null) throw new HostError("HOST_READ", "there is nothing to follow: neither a tool nor a path");
      // A stopped follower stays silent, even for what was already on its way.
      const heard = (line: string) => {
        if (!signal.aborted) onLine(line);
      };
      const lines = createLineSplitter(heard);
      const onChunk = what.chunks
        ? (bytes: Buffer) => heard(bytes.toString("utf8", 0, MAX_LINE_BYTES))
        : (bytes: Buffer) => lines.push(bytes);
      const onSilence = () => what.onSilence?.();
      keepFollowing(flow, { onChunk, onStart: lines.reset, onSilence }, signal, clock);
    },

    close: runner.close,
  };
}
