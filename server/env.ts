// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { z } from "zod";
import { decode } from "@/agent/protocol/decode";
import { isLoopback } from "@/agent/protocol/loopback";

const File = z.string().min(1).optional();

const Environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  DATA_DIR: z.string().min(1).default("data"),
  NODE_ENV: z.string().default("production"),
  /** Multiplies every freshness constant; for slow labs. Agents must be given the same. */
  QUARTERDECK_TIMING_FACTOR: z.coerce.number().min(0.1).max(100).default(1),
  /** PEM files: the certificate with its chain, and its key. Changed files are taken up while the console runs. */
  TLS_CERT: File,
  TLS_KEY: File,
  /** `auto`: own files where given, else a self-made pair when HOST is not loopback. */
  TLS: z.enum(["auto", "self", "off"]).default("auto"),
  /** How long browsers that saw the console under its own certificate insist on https for its name; 0 makes them forget. */
  HSTS_DAYS: z.coerce.number().int().min(0).max(730).default(30),
  /** The address people and agents use where it is another than the one asked for, as behind a reverse proxy. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
});

/** Where the certificate is from; null: plain HTTP. */
export type TlsSource = { from: "files"; certFile: string; keyFile: string; hstsDays: number } | { from: "selfMade" } | null;

export interface Env {
  host: string;
  port: number;
  dataDir: string;
  isDevelopment: boolean;
  timingFactor: number;
  tls: TlsSource;
  /** An origin: `https://console.example`; null: as whoever asks reached it. */
  publicUrl: string | null;
}

/** @throws with a sentence when the variables contradict each other */
function tlsSource({ TLS, TLS_CERT, TLS_KEY, HOST, HSTS_DAYS }: z.infer<typeof Environment>): TlsSource {
  if ((TLS_CERT === undefined) !== (TLS_KEY === undefined)) {
    throw new Error(`The environment does not fit: ${TLS_CERT ? "TLS_KEY" : "TLS_CERT"} is missing. A certificate needs both its files.`);
  }
  if (TLS_CERT !== undefined && TLS_KEY !== undefined) {
    if (TLS !== "auto") throw new Error(`The environment does not fit: TLS=${TLS} and TLS_CERT contradict each other. Unset one.`);
    return { from: "files", certFile: path.resolve(TLS_CERT), keyFile: path.resolve(TLS_KEY), hstsDays: HSTS_DAYS };
  }
  if (TLS === "off") return null;
  return TLS === "self" || !isLoopback(HOST) ? { from: "selfMade" } : null;
}

/** Reads the process environment, the only place that does. @throws with a sentence naming the variable that does not fit. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const decoded = decode(Environment, source);
  if (!decoded.ok) throw new Error(`The environment does not fit: ${decoded.error}`);
  const { HOST, PORT, DATA_DIR, NODE_ENV, QUARTERDECK_TIMING_FACTOR, PUBLIC_URL } = decoded.value;
  return {
    host: HOST,
    port: PORT,
    dataDir: path.resolve(DATA_DIR),
    isDevelopment: NODE_ENV === "development",
    timingFactor: QUARTERDECK_TIMING_FACTOR,
    tls: tlsSource(decoded.value),
    publicUrl: PUBLIC_URL === undefined ? null : new URL(PUBLIC_URL).origin,
  };
}

/** The environment of a command-line program, for it to pick from: this file alone reads it. */
export function processEnv(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
