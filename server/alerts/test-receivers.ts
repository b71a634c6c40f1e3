// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, createServer as createSocket } from "node:net";
import path from "node:path";
import { z } from "zod";
import { until } from "@/server/test-console";

// Real receivers on loopback, for tests: a webhook, Debian's Alertmanager with amtool, Debian's aiosmtpd.

export interface Posted {
  headers: Record<string, string>;
  /** As it came. */
  text: string;
}

export interface Hook {
  url: string;
  posts: Posted[];
  close(): Promise<void>;
}

/** A server that takes posts. `answer` gives the status; null leaves the post without an answer. */
export async function startHook(answer: (posted: Posted) => number | null = () => 200, port = 0): Promise<Hook> {
  const posts: Posted[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (text += part));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      posts.push({ headers, text });
      const status = answer({ headers, text });
      if (status !== null) response.writeHead(status, { location: "/elsewhere" }).end("thank you");
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("A hook without a port.");
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    posts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const address = socket.address();
  socket.close();
  await once(socket, "close");
  if (typeof address !== "object" || address === null) throw new Error("No free port.");
  return address.port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "close");
  child.kill("SIGTERM");
  await ended;
}

const Shown = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    endsAt: z.string(),
  }),
);

export interface Alertmanager {
  url: string;
  /** What amtool shows: alerts that stand, and with `all` also those that are over. */
  amtool(...args: string[]): z.infer<typeof Shown>;
  stop(): Promise<void>;
}

/** Debian's Alertmanager on a free port, alone, with its data in the folder. */
export async function startAlertmanager(folder: string): Promise<Alertmanager> {
  const config = path.join(folder, "alertmanager.yml");
  await writeFile(config, "route:\n  receiver: none\nreceivers:\n  - name: none\n");
  const child = spawn(
    "prometheus-alertmanager",
    [
      `--config.file=${config}`,
      `--storage.path=${path.join(folder, "alertmanager")}`,
      "--web.listen-address=127.0.0.1:0",
      "--cluster.listen-address=",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (bytes) => (said += String(bytes)));
  const address = await until("Alertmanager's address", () => {
    if (child.exitCode !== null) throw new Error(`Alertmanager ended: ${said}`);
    return /msg="Listening on" address=(127\.0\.0\.1:\d+)/.exec(said)?.[1];
  });
  const url = `http://${address}`;
  await until("Alertmanager to be ready", async () => (await fetch(`${url}/-/ready`)).ok);
  return {
    url,
    amtool(...args) {
      const { stdout, stderr, status } = spawnSync("amtool", [`--alertmanager.url=${url}`, "-o", "json", "alert", "query", ...args], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(`amtool: ${stderr}`);
      return Shown.parse(JSON.parse(stdout));
    },
    stop: () => end(child),
  };
}

export interface MailServer {
  port: number;
  /** Every mail it took, as it stands in its mailbox. */
  mails(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Debian's aiosmtpd on loopback, with its mailbox in the folder. `tls`: a certificate and its key, and no mail without STARTTLS. */
export async function startMailServer(folder: string, tls: { certFile: string; keyFile: string } | null = null): Promise<MailServer> {
  const port = await freePort();
  const box = path.join(folder, `mail-${port}`);
  const guarded = tls === null ? [] : ["--tlscert", tls.certFile, "--tlskey", tls.keyFile];
  const child = spawn("aiosmtpd", ["-n", "-l", `127.0.0.1:${port}`, ...guarded, "-c", "aiosmtpd.handlers.Mailbox", box], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (bytes) => (said += String(bytes)));
  await until("the mail server to listen", async () => {
    if (child.exitCode !== null) throw new Error(`aiosmtpd ended: ${said}`);
    const probe = connect(port, "127.0.0.1");
    return new Promise<boolean>((resolve) => {
      probe.on("data", () => resolve(true));
      probe.on("error", () => resolve(false));
      probe.on("close", () => resolve(false));
    }).finally(() => probe.destroy());
  });
  return {
    port,
    async mails() {
      const names = await readdir(path.join(box, "new")).catch((cause: NodeJS.ErrnoException) => {
        // It makes its mailbox with the first mail.
        if (cause.code === "ENOENT") return [];
        throw cause;
      });
      return Promise.all(names.sort().map((name) => readFile(path.join(box, "new", name), "utf8")));
    },
    stop: () => end(child),
  };
}
