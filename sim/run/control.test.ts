// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ControlState, controlOf, type FaultCall } from "@/sim/control-client";
import { type Control, startControl } from "./control";

let dir = "";
let control: Control;
let calls: string[] = [];

const state: ControlState = { atMs: 1, nodes: [], services: [], active: [], faults: [] };

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "sim-control-"));
  calls = [];
  const note = (what: string) => (call: FaultCall) => {
    if (call.name === "impossible") throw new Error("That cannot be broken.");
    calls.push([what, call.name, ...call.args].join(" "));
  };
  control = await startControl({ dir, state: () => state, apply: note("fault"), repair: note("repair") });
});

afterEach(async () => {
  await control.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Sends exactly these headers, as `fetch` would not let a browser's page do. */
function send(options: {
  route: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const url = new URL(options.route, control.url);
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: options.method ?? "POST", headers: { "content-type": "application/json", ...options.headers } },
      (answer) => {
        let text = "";
        answer.on("data", (bytes: Buffer) => {
          text += bytes;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }));
      },
    );
    asked.on("error", reject);
    asked.end(options.body ?? JSON.stringify({ name: "kill-node", args: ["ruby"] }));
  });
}

describe("the control page", () => {
  it("breaks and repairs by the file in its folder, which only its owner may read", async () => {
    expect(statSync(path.join(dir, "control.json")).mode & 0o777).toBe(0o600);
    const client = controlOf(dir);
    await client.fault("kill-node", "ruby");
    await client.repair("kill-node", "ruby");
    expect(calls).toEqual(["fault kill-node ruby", "repair kill-node ruby"]);
    expect(await client.state()).toEqual(state);
    await expect(client.fault("impossible")).rejects.toThrow("That cannot be broken.");
  });

  it("listens on loopback only", () => {
    expect(new URL(control.url).hostname).toBe("127.0.0.1");
  });

  it("knows nobody without the secret", async () => {
    const { token } = JSON.parse(readFileSync(path.join(dir, "control.json"), "utf8"));
    for (const route of ["/fault", "/x/fault", `/${token}x/fault`, `/${token}`, `/${token.slice(1)}/fault`]) {
      expect((await send({ route })).status).toBe(404);
    }
    expect(calls).toEqual([]);
  });

  it("refuses a name that was made to point at loopback", async () => {
    expect((await send({ route: "fault", headers: { host: "evil.example" } })).status).toBe(403);
    expect((await send({ route: "state", method: "GET", headers: { host: "evil.example" } })).status).toBe(403);
    expect(calls).toEqual([]);
  });

  it("refuses what another site's page would send", async () => {
    expect((await send({ route: "fault", headers: { origin: "https://evil.example" } })).status).toBe(403);
    expect((await send({ route: "fault", headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await send({ route: "fault", headers: { "content-type": "text/plain" } })).status).toBe(403);
    expect(calls).toEqual([]);
  });

  it("takes what its own page sends", async () => {
    const origin = new URL(control.url).origin;
    expect((await send({ route: "fault", headers: { origin, "sec-fetch-site": "same-origin" } })).status).toBe(200);
    expect(calls).toEqual(["fault kill-node ruby"]);
  });

  it("refuses what does not fit", async () => {
    expect((await send({ route: "fault", body: "{" })).status).toBe(400);
    expect((await send({ route: "fault", body: JSON.stringify({ name: "x".repeat(5_000), args: [] }) })).status).toBe(400);
    expect((await send({ route: "other" })).status).toBe(404);
  });

  it("is a page that runs nothing but its own script", async () => {
    const page = await send({ route: "", method: "GET", body: "" });
    expect(page.status).toBe(200);
    const nonce = /script-src 'nonce-([^']+)'/.exec(String(page.headers["content-security-policy"]))?.[1];
    expect(page.text).toContain(`<script nonce="${nonce}">`);
  });

  it("takes its file away when it ends", async () => {
    await control.close();
    expect(existsSync(path.join(dir, "control.json"))).toBe(false);
    expect(() => controlOf(dir)).toThrow("No simulation runs");
  });
});
