// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import path from "node:path";
import { until } from "@/server/test-console";
import type { CertificateFiles } from "@/server/tls/certificate";
import { freePort } from "./test-receivers";

// Debian's aiosmtpd with one user, and somebody who reads along on the way to it, for tests.

const SCRIPT = path.join(import.meta.dirname, "test-smtpd.py");
/** Debian's own: its packages are not to be had from another one. */
const PYTHON = "/usr/bin/python3";

export interface Smtpd {
  port: number;
  /** How people signed in, a line each, as `test-smtpd.py` says it. */
  signIns(): string[];
  /** How many mails it took. */
  mails(): Promise<number>;
  stop(): Promise<void>;
}

interface SmtpdOptions {
  folder: string;
  files: CertificateFiles;
  user: string;
  password: string;
  /** `open`: it offers no TLS, and takes a password in the clear. */
  way: "starttls" | "tls" | "open";
}

export async function startSmtpd({ folder, files, user, password, way }: SmtpdOptions): Promise<Smtpd> {
  const port = await freePort();
  const box = path.join(folder, `mail-${port}`);
  const args = { port, box, user, password, way, cert: files.certFile, key: files.keyFile };
  const child = spawn(PYTHON, [SCRIPT, JSON.stringify(args)], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let complained = "";
  child.stdout.on("data", (bytes) => (said += String(bytes)));
  child.stderr.on("data", (bytes) => (complained += String(bytes)));
  await until("the mail server to listen", () => {
    if (child.exitCode !== null) throw new Error(`aiosmtpd ended: ${complained}`);
    return said.includes("listens");
  });
  return {
    port,
    signIns: () => said.split("\n").filter((line) => line.includes("signIn")),
    async mails() {
      const names = await readdir(path.join(box, "new")).catch((cause: NodeJS.ErrnoException) => {
        // It makes its mailbox with the first mail.
        if (cause.code === "ENOENT") return [];
        throw cause;
      });
      return names.length;
    },
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export interface Wire {
  port: number;
  /** Every byte that went to the server, a letter each. */
  heard(): string;
  close(): Promise<void>;
}

/** Passes everything on to a port of this machine, reading along; `host`: the address of its own at which it is found. */
export async function startWire(target: number, host = "127.0.0.1"): Promise<Wire> {
  const heard: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (bytes: Buffer) => heard.push(bytes));
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The wire has no port.");
  return {
    port: address.port,
    heard: () => Buffer.concat(heard).toString("latin1"),
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
