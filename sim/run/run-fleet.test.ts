// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { StepKind } from "@/agent/protocol/steps";
import { controlOf } from "@/sim/control-client";
import { type FleetRun, runFleet } from "./run-fleet";
import { nodePlaces } from "./world";

const patiently = { timeout: 100_000, interval: 50 };

/** An agent that only enrols and keeps a line to the console open; enough to see what the simulation does with agents. */
const STUB_AGENT = `
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
const [command, ...rest] = process.argv.slice(2);
const option = (name) => rest[rest.indexOf(name) + 1];
if (command === "enroll") {
  const origin = option("--console"), node = option("--node");
  const answer = await fetch(origin + "/api/v1/enroll", { method: "POST", body: JSON.stringify({ token: option("--token"), node }) });
  if (!answer.ok) { console.error("refused"); process.exit(1); }
  writeFileSync(option("--config"), JSON.stringify({ console: origin, node, root: option("--root"), bin: option("--bin") }));
} else {
  const { console: origin, node } = JSON.parse(readFileSync(option("--config"), "utf8"));
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  socket.on("connect", () => socket.write("GET /" + node + " HTTP/1.1\\r\\nHost: x\\r\\nConnection: upgrade\\r\\nUpgrade: live\\r\\nX-Pid: " + process.pid + "\\r\\n\\r\\n"));
  socket.on("close", () => process.exit(1));
  socket.on("error", () => process.exit(1));
}
`;

interface Known {
  id: string;
  cluster: string;
  node: string;
  role: string;
  trustEndedAtMs: number | null;
}

let dir = "";
let http: Server;
let origin = "";
let run: FleetRun | null = null;
let agents: Known[] = [];
let clusters: string[] = [];
let tokens = new Map<string, { cluster: string; node: string; role: string }>();
const live = new Map<string, { pid: number; lines: number; isOpen: boolean }>();

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const part of request) text += String(part);
  return z.record(z.string(), z.string()).parse(JSON.parse(text === "" ? "{}" : text));
}

/** The console's REST as far as the simulation asks for it; agents' lines are upgraded sockets. */
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "sim-run-"));
  agents = [];
  clusters = [];
  tokens = new Map();
  live.clear();
  http = createServer((request, response) => {
    const answer = (status: number, body: unknown) => {
      response.statusCode = status;
      response.end(JSON.stringify(body));
    };
    void bodyOf(request).then((body) => {
      const { node = "", slug = "", token = "", cluster = "", role = "" } = body;
      if (request.url !== "/api/v1/enroll" && request.headers.authorization !== "Bearer admin") return answer(401, {});
      switch (`${request.method} ${request.url}`) {
        case "POST /api/v1/clusters":
          if (clusters.includes(slug)) return answer(409, { error: { code: "CLUSTER_NAME_TAKEN", message: "taken" } });
          clusters.push(slug);
          return answer(201, {});
        case "GET /api/v1/agents":
          return answer(200, {
            atMs: 0,
            agents: agents.map((agent) => ({
              ...agent,
              link: live.get(agent.node)?.isOpen ? "live" : "lost",
              lastWordAtMs: null,
              ageMs: null,
              agentVersion: null,
              enrolledAtMs: 0,
              enrolledBy: null,
              label: null,
            })),
          });
        case "POST /api/v1/enrollments":
          tokens.set(`token-${tokens.size}`, { cluster, node, role });
          return answer(201, { token: `token-${tokens.size - 1}`, command: "", expiresAtMs: 0 });
        case "POST /api/v1/enroll": {
          const promised = tokens.get(token);
          if (promised?.node !== node) return answer(403, {});
          agents.push({ id: `${node}-${agents.length}`, ...promised, trustEndedAtMs: null });
          return answer(200, {});
        }
        default:
          return answer(404, {});
      }
    });
  });
  http.on("upgrade", (request, socket) => {
    const node = (request.url ?? "/").slice(1);
    const line = { pid: Number(request.headers["x-pid"]), lines: (live.get(node)?.lines ?? 0) + 1, isOpen: true };
    live.set(node, line);
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.end());
    socket.on("close", () => {
      line.isOpen = false;
    });
    socket.resume();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", () => resolve()));
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  origin = `http://127.0.0.1:${address.port}`;
  writeFileSync(path.join(dir, "agent.mjs"), STUB_AGENT);
});

afterEach(async () => {
  await run?.stop();
  run = null;
  http.closeAllConnections();
  http.close();
  rmSync(dir, { recursive: true, force: true });
});

async function start(): Promise<FleetRun> {
  const sim = path.join(dir, "sim");
  const agent = path.join(dir, "agent.mjs");
  const started = await runFleet({ dir: sim, console: origin, agent, adminToken: "admin", pace: 50, isCalm: true, timingFactor: 2 });
  run = started;
  await started.ready;
  return started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH: nobody has this number
  }
}

describe("a running fleet", () => {
  it("makes its clusters, enrols every node once under its role, and is ready when all agents are live", async () => {
    const first = await start();
    expect(first.nodes).toHaveLength(10);
    expect(clusters).toEqual(["san-a", "attic", "north"]);
    expect(agents.map(({ cluster, node, role }) => `${cluster}/${node} ${role}`).sort()).toEqual([
      "attic/glouton member",
      "attic/hv05 client",
      "attic/hv06 client",
      "attic/jade member",
      "north/bergen member",
      "north/narvik member",
      "north/tromso member",
      "san-a/crystal member",
      "san-a/hv01 client",
      "san-a/ruby member",
    ]);
    const config = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(path.join(nodePlaces(path.join(dir, "sim"), "ruby").home, "agent.json"), "utf8")));
    expect(config.timingFactor).toBe(2);
    // Every step is allowed here, by a file that nobody else may write.
    const policy = String(config.policyFile);
    expect(JSON.parse(readFileSync(policy, "utf8"))).toEqual({ steps: StepKind.options });
    expect(statSync(policy).mode & 0o777).toBe(0o600);
    const pids = [...live.values()].map(({ pid }) => pid);
    await first.stop();
    expect(pids.filter(isAlive)).toEqual([]);

    // Again, with the trust in one of them ended meanwhile: only that one enrols anew.
    for (const agent of agents) if (agent.node === "ruby") agent.trustEndedAtMs = 1;
    await start();
    expect(agents.slice(10).map(({ node }) => node)).toEqual(["ruby"]);
  });

  it("kills an agent with its node in silence, and starts it again after the boot", async () => {
    await start();
    const control = controlOf(path.join(dir, "sim"));
    const before = live.get("ruby");
    await control.fault("kill-node", "ruby");
    await vi.waitFor(() => expect(isAlive(before?.pid ?? 0)).toBe(false), patiently);
    expect((await control.state()).nodes.find(({ node }) => node === "ruby")).toMatchObject({
      power: "off",
      isAgentRunning: false,
      isLineCut: true,
    });
    // The console has not seen its socket close.
    expect(before?.isOpen).toBe(true);
    await control.repair("kill-node", "ruby");
    await vi.waitFor(() => expect(live.get("ruby")?.lines).toBe(2), patiently);
    expect(isAlive(live.get("ruby")?.pid ?? 0)).toBe(true);
    await vi.waitFor(() => expect(before?.isOpen).toBe(false), patiently);
  });

  it("starts a crashed agent again", async () => {
    await start();
    const before = live.get("hv05")?.pid ?? 0;
    process.kill(before, "SIGKILL");
    await vi.waitFor(() => expect(live.get("hv05")?.lines).toBe(2), patiently);
    expect(live.get("hv05")?.pid).not.toBe(before);
  });

  it("refuses a folder in which one runs already", async () => {
    await start();
    const again = { dir: path.join(dir, "sim"), console: origin, agent: "x", adminToken: "admin", pace: 1, isCalm: true, timingFactor: 1 };
    await expect(runFleet(again)).rejects.toThrow("runs in");
  });
});
