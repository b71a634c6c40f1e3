// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Clock } from "../clock";
import { systemCode } from "../plain-text";
import { HostError, type RunResult } from "./host";
import { hostFailure } from "./host-failure";

export interface ToolRunner {
  /** @throws HostError HOST_TIMEOUT, HOST_TOO_LARGE, HOST_FORBIDDEN, HOST_READ */
  run(
    tool: string,
    file: string,
    args: readonly string[],
    limits: { timeoutMs: number; maxBytes: number; cibFile?: string | undefined },
  ): Promise<RunResult>;
  /** Starts a tool that keeps talking; its stdout is a stream of bytes. The answer kills it. `holdsInput`: its stdin never ends. */
  stream(
    file: string,
    args: readonly string[],
    heard: { chunk: (bytes: Buffer) => void; end: () => void },
    holdsInput?: boolean,
  ): () => void;
  /** Kills whatever still runs. */
  close(): void;
}

/** Kills a child with everything it started: it leads a process group of its own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // ESRCH: all of the group is gone already. EPERM: it became another user's; it then counts as one that hangs.
    const code = systemCode(error);
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** So long a killed child may take to end before it counts as one that cannot. */
const DEATH_MS = 500;

/** `kill` is given by tests, to have a child that does not die, as one in uninterruptible sleep does not. */
export function createToolRunner(env: NodeJS.ProcessEnv, clock: Clock, kill: (pid: number) => void = killGroup): ToolRunner {
  const alive = new Set<number>();
  /** Tools that were killed and have still not ended, by name: a second copy would only hang beside the first. */
  const undead = new Map<string, number>();

  // Where no file descriptor is left, a child has no pipes at all (whatever the types say) and tells it as an "error" later:
  // hence every `?.` behind stdout and stderr.
  // A working folder that is always there, and no shell: arguments stay arguments.
  const how = { env, cwd: "/", detached: true, shell: false } as const;

  return {
    run(tool, file, args, limits) {
      const older = undead.get(tool);
      if (older !== undefined) {
        return Promise.reject(
          new HostError("HOST_TIMEOUT", `${tool} was killed, but has not ended (process ${older}); it is not started again before`),
        );
      }
      return new Promise((resolve, reject) => {
        const ownEnv = limits.cibFile === undefined ? env : Object.assign(Object.create(null), env, { CIB_file: limits.cibFile });
        const child = spawn(file, args, { ...how, env: ownEnv, stdio: ["ignore", "pipe", "pipe"] });
        const { pid } = child;
        const out: Buffer[] = [];
        const err: Buffer[] = [];
        let size = 0;
        let isOver = false;
        let hasExited = false;

        function settle(act: () => void): void {
          if (isOver) return;
          isOver = true;
          cancel();
          act();
        }
        /** Gives the answer, whatever the child or its children do. */
        function giveUp(error: HostError): void {
          settle(() => {
            if (pid !== undefined) kill(pid);
            child.stdout?.destroy();
            child.stderr?.destroy();
            child.unref();
            if (pid === undefined || hasExited) return reject(error);
            undead.set(tool, pid);
            // What is killed is gone in a moment: whoever runs the tool next must not be told that it hangs.
            const cancelWait = clock.after(DEATH_MS, () => reject(error));
            child.once("exit", () => {
              cancelWait();
              reject(error);
            });
          });
        }
        const cancel = clock.after(limits.timeoutMs, () => {
          const why = hasExited ? "ended, but something it started keeps its output open" : "did not answer";
          giveUp(new HostError("HOST_TIMEOUT", `${tool} ${why} within ${limits.timeoutMs} ms; it was killed`));
        });
        function collect(into: Buffer[]): (chunk: Buffer) => void {
          return (chunk) => {
            size += chunk.length;
            if (size > limits.maxBytes)
              giveUp(new HostError("HOST_TOO_LARGE", `${tool} printed more than ${limits.maxBytes} bytes; it was killed`));
            else into.push(chunk);
          };
        }

        if (pid !== undefined) alive.add(pid);
        child.on("error", (error) => settle(() => reject(hostFailure(tool, error))));
        child.on("exit", () => {
          hasExited = true;
          undead.delete(tool);
          if (pid !== undefined && isOver) alive.delete(pid);
        });
        child.stdout?.on("data", collect(out));
        child.stderr?.on("data", collect(err));
        child.on("close", (code, signal) => {
          if (pid !== undefined) alive.delete(pid);
          settle(() =>
            resolve({
              exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
              stdout: Buffer.concat(out).toString("utf8"),
              stderr: Buffer.concat(err).toString("utf8"),
            }),
          );
        });
      });
    },

    stream(file, args, heard, holdsInput = false) {
      const child = spawn(file, args, { ...how, stdio: [holdsInput ? "pipe" : "ignore", "pipe", "ignore"] });
      const { pid } = child;
      let isOver = false;
      function killOnce(): void {
        // Once and early: a process id may be given away after its owner has ended.
        if (pid !== undefined && alive.delete(pid)) kill(pid);
      }
      function end(): void {
        if (isOver) return;
        isOver = true;
        killOnce();
        child.stdin?.destroy();
        child.stdout?.destroy();
        child.unref();
        heard.end();
      }
      if (pid !== undefined) alive.add(pid);
      child.stdin?.on("error", end); // nothing is ever written to it; whatever ails it, the tool has ended or will be
      child.on("error", end);
      child.on("exit", () => {
        // What it printed last is still in the pipe and follows; then comes "close", now that nobody else holds the pipe …
        killOnce();
        clock.after(1_000, end); // … but for somebody who left the process group
      });
      child.on("close", end);
      child.stdout?.on("data", (chunk: Buffer) => {
        if (!isOver) heard.chunk(chunk);
      });
      return end;
    },

    close() {
      for (const pid of alive) kill(pid);
      alive.clear();
    },
  };
}
