// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { z } from "zod";
import { decode } from "@/agent/protocol/decode";

const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  DATA_DIR: z.string().min(1).default("data"),
  NODE_ENV: z.string().default("production"),
  /** Multiplies every freshness constant; for slow labs. Agents must be given the same. */
  QUARTERDECK_TIMING_FACTOR: z.coerce.number().min(0.1).max(100).default(1),
});

export interface Env {
  host: string;
  port: number;
  dataDir: string;
  isDevelopment: boolean;
  timingFactor: number;
}

/** Reads the process environment, the only place that does. @throws with a sentence naming the variable that does not fit. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const decoded = decode(Environment, source);
  if (!decoded.ok) throw new Error(`The environment does not fit: ${decoded.error}`);
  const { HOST, PORT, DATA_DIR, NODE_ENV, QUARTERDECK_TIMING_FACTOR } = decoded.value;
  return {
    host: HOST,
    port: PORT,
    dataDir: path.resolve(DATA_DIR),
    isDevelopment: NODE_ENV === "development",
    timingFactor: QUARTERDECK_TIMING_FACTOR,
  };
}
