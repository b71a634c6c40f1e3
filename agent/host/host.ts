// SPDX-License-Identifier: Apache-2.0
import type { Scratch } from "./scratch";

/** Why the node could not give what was asked. `code` decides; `message` is for the operator. */
export class HostError extends Error {
  constructor(
    readonly code: "HOST_FORBIDDEN" | "HOST_TIMEOUT" | "HOST_TOO_LARGE" | "HOST_UNFINISHED" | "HOST_READ",
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "HostError";
  }
}

export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  timeoutMs?: number;
  maxBytes?: number;
  /** The CIB that this run of a Pacemaker tool answers from and writes to, in place of the cluster: a file of a scratch folder. */
  cibFile?: string;
}

/** A stream of lines that another program or file keeps adding to. Ends by itself only when `signal` aborts: it restarts with backoff. */
export interface Followed {
  /** A tool from the closed list, with fixed arguments … */
  tool?: string;
  args?: readonly string[];
  /** … or a file: `/dev/kmsg` (one record per read), or a growing file or FIFO under `--root`. */
  path?: string;
  /** Where a new follower starts in a file: at its beginning (kmsg's buffer) or its end. */
  from?: "start" | "end";
  /** Give every byte chunk as its own "line": for doorbells that print dots without newlines. */
  chunks?: boolean;
  /** Keeps the tool's standard input open: for one that ends with it. */
  holdsInput?: boolean;
  /** Told when it ended by itself or could not be started: until it speaks again, nothing is heard of what happens. */
  onSilence?: () => void;
}

/**
 * The only way a collector reaches the node: real (`/`), or rooted at a recorded or simulated tree.
 * Every path is absolute on the node. Text is decoded as UTF-8 with replacement characters.
 */
export interface Host {
  /** False under `--root DIR`: nothing outside the tree is asked, and tools come from `--bin` only. */
  readonly isReal: boolean;
  /**
   * A whole file, read to its end in one tight loop; null when it is not there (ENOENT, ENOTDIR).
   * A text that does not end in a newline is read again (3 times), then fails as HOST_UNFINISHED, unless `mayBeUnfinished`.
   * The node's own device (`/dev/kmsg`) has no end: HOST_READ when this user may open it, HOST_FORBIDDEN when not.
   * @throws HostError HOST_FORBIDDEN (EACCES, EPERM), HOST_TOO_LARGE (over `maxBytes`, default 1 MiB), HOST_TIMEOUT, HOST_READ
   */
  read(path: string, options?: { maxBytes?: number; mayBeUnfinished?: boolean; timeoutMs?: number }): Promise<string | null>;
  /** The names in a folder, sorted; null when it is not there. At most 4,096 names. @throws HostError as `read` */
  list(path: string): Promise<string[] | null>;
  /** The target of a symbolic link; null when it is not there. */
  readLink(path: string): Promise<string | null>;
  /**
   * Runs a tool without a shell, with LC_ALL=C and TERM=dumb, a hard timeout (default 5 s; the whole process group is
   * killed) and bounded output (default 4 MiB). Null when the tool is not installed (or not in `--bin` under a root).
   * A non-zero exit is a result, not an error. @throws HostError HOST_TIMEOUT, HOST_TOO_LARGE, HOST_FORBIDDEN
   */
  run(tool: string, args: readonly string[], options?: RunOptions): Promise<RunResult | null>;
  /** True when `run` would find the tool here. @throws HostError HOST_FORBIDDEN */
  has(tool: string): Promise<boolean>;
  /** Acts with a private folder for files that tools pass to one another; it is removed afterwards, whatever happens. @throws HostError */
  scratch<T>(act: (scratch: Scratch) => Promise<T>): Promise<T>;
  /**
   * The text of the CIB that Pacemaker's tools answer from in place of a live cluster (`CIB_file`); null when none is named.
   * @throws HostError as `read`, also when the file is not there: somebody named it
   */
  namedCib(options?: { maxBytes?: number }): Promise<string | null>;
  /** Follows a tool or file until the signal aborts; `onLine` gets lines without their newline, at most 8 KiB each. */
  follow(what: Followed, onLine: (line: string) => void, signal: AbortSignal): void;
  /** Wall clock of the node, epoch ms. */
  now(): number;
}
