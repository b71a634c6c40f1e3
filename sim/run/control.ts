// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { decodeJson } from "@/agent/protocol/decode";
import { type ControlFile, type ControlState, FaultCall } from "@/sim/control-client";
import { controlPage } from "./control-page";

const MAX_BODY_BYTES = 4 * 1024;

export interface ControlDeps {
  dir: string;
  state(): ControlState;
  apply(call: FaultCall): void;
  repair(call: FaultCall): void;
}

export interface Control {
  /** With its secret. */
  readonly url: string;
  close(): Promise<void>;
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Equal in a time that does not tell where they differ. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

/** True for a request of a page of ours, or of a program: a browser says where a request is from. */
function isOwnRequest(request: IncomingMessage, hosts: readonly string[]): boolean {
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (host === undefined || !hosts.includes(host)) return false; // a name that was made to point at loopback
  if (request.method === "GET") return true;
  if (site !== undefined && site !== "same-origin") return false;
  if (origin !== undefined && origin !== `http://${host}`) return false;
  // A form of another site cannot send this type without asking first, and nobody answers that question.
  return request.headers["content-type"] === "application/json";
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  let text = "";
  for await (const part of request) {
    text += String(part);
    if (text.length > MAX_BODY_BYTES) return null;
  }
  return text;
}

/**
 * The control page and its small API, on a loopback port of its own, under a secret path. The address stands in
 * `control.json` of the simulation's folder, for `sim fault` and for tests.
 */
export async function startControl(deps: ControlDeps): Promise<Control> {
  const token = randomBytes(24).toString("base64url");
  const file = path.join(deps.dir, "control.json");
  let hosts: string[] = [];

  function answer(response: ServerResponse, status: number, type: string, body: string, headers: Record<string, string> = {}): void {
    response.writeHead(status, {
      "content-type": type,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      ...headers,
    });
    response.end(body);
  }
  const say = (response: ServerResponse, status: number, body: unknown) =>
    answer(response, status, "application/json", `${JSON.stringify(body)}\n`);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isOwnRequest(request, hosts)) return say(response, 403, { ok: false, message: "This request is not from the control page." });
    const [, given = "", route = "", more] = (request.url ?? "/").split("?")[0]?.split("/") ?? [];
    if (!isSame(given, token) || more !== undefined) return say(response, 404, { ok: false, message: "There is nothing here." });
    if (request.method === "GET" && route === "") {
      const nonce = randomBytes(16).toString("base64");
      const policy = `default-src 'none'; connect-src 'self'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
      return answer(response, 200, "text/html; charset=utf-8", controlPage(nonce), { "content-security-policy": policy });
    }
    if (request.method === "GET" && route === "state") return say(response, 200, deps.state());
    if (request.method !== "POST" || (route !== "fault" && route !== "repair"))
      return say(response, 404, { ok: false, message: "There is nothing here." });
    const text = await bodyOf(request);
    const call = text === null ? null : decodeJson(FaultCall, text);
    if (!call?.ok) return say(response, 400, { ok: false, message: `The request does not fit: ${call?.error ?? "too long"}` });
    try {
      if (route === "fault") deps.apply(call.value);
      else deps.repair(call.value);
    } catch (error) {
      // What a fault throws is a sentence for whoever asked for it.
      return say(response, 422, { ok: false, message: error instanceof Error ? error.message : String(error) });
    }
    say(response, 200, { ok: true });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The control page has no port.");
  hosts = [`127.0.0.1:${address.port}`, `localhost:${address.port}`];
  const url = `http://127.0.0.1:${address.port}/${token}/`;
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify({ url, token, pid: process.pid } satisfies ControlFile)}\n`, { mode: 0o600 });

  return {
    url,
    close: () =>
      new Promise((resolve) => {
        rmSync(file, { force: true });
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
