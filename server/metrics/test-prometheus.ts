// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { until } from "@/server/test-console";

// Debian's Prometheus and promtool, for tests.

/** Runs promtool. `said` is all that it printed. */
export function promtool(args: readonly string[], input = ""): { code: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync("promtool", args, {
    input,
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  return { code: status, said: stdout + stderr };
}

const Answer = z.object({
  status: z.literal("success"),
  data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })) }),
});

export interface Series {
  labels: Record<string, string>;
  value: string;
}

export interface Prometheus {
  /** What a query gives now. */
  query(text: string): Promise<Series[]>;
  stop(): Promise<void>;
}

/** Starts a Prometheus on a free port of loopback, with its data in the folder. */
export async function startPrometheus(folder: string, config: string): Promise<Prometheus> {
  await writeFile(path.join(folder, "prometheus.yml"), config);
  const child = spawn(
    "prometheus",
    [
      `--config.file=${path.join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${path.join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(child, "close");
  let said = "";
  child.stderr.on("data", (bytes) => (said += String(bytes)));
  const address = await until("Prometheus's address", () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${said}`);
    return /msg="Listening on" address=(127\.0\.0\.1:\d+)/.exec(said)?.[1];
  });
  await until("Prometheus to be ready", async () => (await fetch(`http://${address}/-/ready`)).ok);
  return {
    async query(text) {
      const response = await fetch(`http://${address}/api/v1/query?${new URLSearchParams({ query: text })}`);
      const { data } = Answer.parse(await response.json());
      return data.result.map(({ metric: { __name__: _, ...labels }, value: [, value] }) => ({ labels, value }));
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
