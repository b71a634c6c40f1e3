// SPDX-License-Identifier: Apache-2.0
import { type Followed, type Host, HostError, type RunOptions, type RunResult } from "./host";

/** A node that exists only in memory. Paths are absolute; folders are implied by the files in them. */
export interface MemoryTree {
  /** A list of texts is read one after the other, the last one for ever: a file that changes between reads. */
  files?: Readonly<Record<string, string | readonly string[]>>;
  /** Folders that are there although nothing is in them. */
  folders?: readonly string[];
  links?: Readonly<Record<string, string>>;
  /** These and everything below them answer HOST_FORBIDDEN. */
  forbidden?: readonly string[];
  /** These are there, but reading them fails with the code given: `HOST_READ` is what EINVAL becomes. */
  broken?: Readonly<Record<string, HostError["code"]>>;
  /** What the tools answer; a tool that is not here is not installed. */
  tools?: Readonly<Record<string, RunResult | ((args: readonly string[], context: RunContext) => RunResult)>>;
  /** The text of the file that CIB_file names. */
  namedCib?: string;
  nowMs?: number;
  isReal?: boolean;
}

/** What a tool in memory may look at beside its arguments: its CIB, and the scratch files by their paths. */
export interface RunContext {
  cibFile: string | undefined;
  scratch: Map<string, string>;
}

/** A `Host` over a `MemoryTree`, for tests and for nothing else. */
export interface MemoryHost extends Host {
  /** Replaces or adds a file from now on. */
  write(path: string, text: string): void;
  /** Takes a file, or a folder with all that is in it, away. */
  remove(path: string): void;
  setNow(nowMs: number): void;
  /** Gives a line to everybody who follows this path or tool now, as the node would. Answers how many heard it. */
  say(pathOrTool: string, line: string): number;
  /** What followed this path or tool ends by itself. */
  fallSilent(pathOrTool: string): void;
  /** How many follow this path or tool now. */
  followers(pathOrTool: string): number;
  /** Every path read and tool run so far, in order. */
  readonly asked: readonly string[];
}

export function memoryHost(tree: MemoryTree = {}): MemoryHost {
  const files = new Map<string, string[]>(
    Object.entries(tree.files ?? {}).map(([path, text]) => [path, typeof text === "string" ? [text] : [...text]]),
  );
  const folders = new Set(tree.folders ?? []);
  const followers = new Map<string, Set<(line: string) => void>>();
  const onSilence = new Map<(line: string) => void, () => void>();
  const asked: string[] = [];
  const scratch = new Map<string, string>();
  let nowMs = tree.nowMs ?? 0;

  function check(path: string): void {
    asked.push(path);
    if (tree.forbidden?.some((denied) => path === denied || path.startsWith(`${denied}/`))) {
      throw new HostError("HOST_FORBIDDEN", `${path}: not permitted`);
    }
    const code = tree.broken?.[path];
    if (code !== undefined) throw new HostError(code, `${path}: cannot be read`);
  }

  /** The text of this read; a file with several texts moves on to the next. */
  function takeText(path: string): string | null {
    const texts = files.get(path);
    if (texts === undefined) return null;
    const text = texts[0] ?? "";
    if (texts.length > 1) texts.shift();
    return text;
  }

  function source(what: Followed): string {
    return what.path ?? what.tool ?? "";
  }

  return {
    isReal: tree.isReal ?? true,
    asked,
    async read(path, options = {}) {
      check(path);
      const text = takeText(path);
      if (text === null) return null;
      if (Buffer.byteLength(text) > (options.maxBytes ?? 1024 * 1024)) throw new HostError("HOST_TOO_LARGE", `${path}: too large`);
      if (text !== "" && !text.endsWith("\n") && options.mayBeUnfinished !== true)
        throw new HostError("HOST_UNFINISHED", `${path}: unfinished`);
      return text;
    },
    async list(path) {
      check(path);
      const prefix = path === "/" ? "/" : `${path}/`;
      const inside = [...files.keys(), ...folders, ...Object.keys(tree.links ?? {}), ...Object.keys(tree.broken ?? {})];
      const names = new Set(inside.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length).split("/")[0] ?? ""));
      return names.size === 0 && !folders.has(path) ? null : [...names].sort();
    },
    async readLink(path) {
      check(path);
      return tree.links?.[path] ?? null;
    },
    async run(tool, args, options: RunOptions = {}) {
      asked.push([tool, ...args].join(" "));
      const answer = tree.tools?.[tool];
      if (answer === undefined) return null;
      return typeof answer === "function" ? answer(args, { cibFile: options.cibFile, scratch }) : answer;
    },
    has: async (tool) => tree.tools?.[tool] !== undefined,
    async scratch(act) {
      const path = (name: string) => `/scratch/${name}`;
      try {
        return await act({
          path,
          write: async (name, text) => void scratch.set(path(name), text),
          read: async (name) => scratch.get(path(name)) ?? null,
        });
      } finally {
        scratch.clear();
      }
    },
    async namedCib() {
      return tree.namedCib ?? null;
    },
    follow(what, onLine, signal) {
      if (signal.aborted) return;
      const key = source(what);
      const all = followers.get(key) ?? new Set();
      followers.set(key, all.add(onLine));
      if (what.onSilence) onSilence.set(onLine, what.onSilence);
      signal.addEventListener("abort", () => all.delete(onLine), { once: true });
      const text = what.path !== undefined && what.from === "start" ? (files.get(what.path)?.[0] ?? "") : "";
      for (const line of text.split("\n").slice(0, -1)) onLine(line);
    },
    now: () => nowMs,
    write: (path, text) => {
      files.set(path, [text]);
    },
    remove: (path) => {
      for (const one of [...files.keys()]) if (one === path || one.startsWith(`${path}/`)) files.delete(one);
      for (const one of [...folders]) if (one === path || one.startsWith(`${path}/`)) folders.delete(one);
    },
    setNow: (ms) => {
      nowMs = ms;
    },
    say: (pathOrTool, line) => {
      const hearing = [...(followers.get(pathOrTool) ?? [])];
      for (const hear of hearing) hear(line);
      return hearing.length;
    },
    fallSilent: (pathOrTool) => {
      for (const hear of followers.get(pathOrTool) ?? []) onSilence.get(hear)?.();
    },
    followers: (pathOrTool) => followers.get(pathOrTool)?.size ?? 0,
  };
}
