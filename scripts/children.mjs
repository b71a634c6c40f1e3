// SPDX-License-Identifier: Apache-2.0
// Child programs that end together: when one ends, when this one is told to, and when this one is killed.
import { spawn } from "node:child_process";

/** Starts children as `node ARGS`; they speak by IPC messages `{type, …}`. Any that ends by itself ends them all. */
export function startChildren() {
  const running = new Map();
  let isStopping = false;

  async function stop(code) {
    if (isStopping) return;
    isStopping = true;
    for (const child of running.values()) child.kill("SIGTERM");
    const late = setTimeout(() => {
      for (const child of running.values()) child.kill("SIGKILL");
    }, 10_000);
    await Promise.all([...running.values()].map((child) => new Promise((resolve) => child.once("close", resolve))));
    clearTimeout(late);
    process.exit(code);
  }
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  process.on("disconnect", () => void stop(0));
  process.on("uncaughtException", (error) => {
    console.error(error.message);
    void stop(1);
  });
  process.on("unhandledRejection", (error) => {
    console.error(error instanceof Error ? error.message : error);
    void stop(1);
  });

  return {
    stop,
    async start(name, args, { cwd, env }) {
      // Its own process group: Ctrl-C reaches only this script, which ends the children in order.
      const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "inherit", "inherit", "ipc"], detached: true });
      running.set(name, child);
      const said = [];
      const waiting = [];
      child.on("message", (message) => {
        const index = waiting.findIndex(({ type }) => type === message.type);
        if (index >= 0) waiting.splice(index, 1)[0].resolve(message);
        else said.push(message);
      });
      child.on("close", (code, signal) => {
        running.delete(name);
        for (const { reject, type } of waiting)
          reject(new Error(`The ${name} ended (${signal ?? `exit ${code}`}) before it said "${type}".`));
        if (!isStopping && waiting.length === 0) {
          console.error(`The ${name} ended by itself (${signal ?? `exit ${code}`}); the rest ends with it.`);
          void stop(1);
        }
      });
      return {
        message: (type) => {
          const found = said.find((message) => message.type === type);
          return found ? Promise.resolve(found) : new Promise((resolve, reject) => waiting.push({ type, resolve, reject }));
        },
      };
    },
  };
}
