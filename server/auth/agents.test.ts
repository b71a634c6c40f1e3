// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, sign } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { handshakeBytes } from "@/agent/protocol/signing";
import type { Agent } from "@/server/db/agents";
import { temporaryDatabase } from "@/server/db/temporary-database";
import { type Auth, createAuth } from "./auth";
import { fingerprintOf, loadConsoleKey, verifyAgent } from "./console-key";
import { createLimits } from "./limits";

let open: Awaited<ReturnType<typeof temporaryDatabase>>;
let auth: Auth;
let nowMs = 1_795_182_515_980;
let trustEnded: Agent[] = [];

beforeEach(async () => {
  open = await temporaryDatabase();
  auth = await createAuth(open.db, () => nowMs);
  trustEnded = [];
  auth.agents.onTrustEnded((agent) => trustEnded.push(agent));
  await open.db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: null });
});
afterEach(() => open.remove());

function agentKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
  return { raw, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey).toString("base64") };
}
async function tokenFor(node: string, role: "member" | "client" = "member"): Promise<string> {
  const made = await auth.agents.newEnrollment({ cluster: "san-a", node, role }, "anna");
  if (!made.ok) throw new Error(made.code);
  return made.token;
}
const enroll = (token: string, node: string, publicKey = agentKey().raw) =>
  auth.agents.enroll({ token, node, publicKey, agentVersion: "0.1.0" }, "192.0.2.7");

describe("enrolment", () => {
  it("trades a token for trust in the agent's key, and tells the agent which console key to pin", async () => {
    const enrolled: Agent[] = [];
    auth.agents.onEnrolled((agent) => enrolled.push(agent));
    const token = await tokenFor("ruby", "client");
    expect(token.split(".")).toEqual(["qd1", expect.stringMatching(/^[\w-]{43}$/), fingerprintOf(auth.consoleKey.publicKey)]);
    const { raw } = agentKey();
    const result = await enroll(token, "ruby", raw);
    const consoleKey = auth.consoleKey.publicKey;
    expect(result).toEqual({ ok: true, answer: { agentId: expect.any(String), cluster: "san-a", role: "client", consoleKey } });
    expect(enrolled).toEqual([expect.objectContaining({ node: "ruby", publicKey: raw, trustEndedAtMs: null, enrolledAtMs: nowMs })]);
  });

  it("takes a token once, even when two agents bring it at the same time", async () => {
    const token = await tokenFor("ruby");
    const both = await Promise.all([enroll(token, "ruby"), enroll(token, "ruby")]);
    expect(both.map((answer) => (answer.ok ? "ok" : answer.code)).sort()).toEqual(["ENROLL_TOKEN_USED", "ok"]);
    expect(await open.db.agents.listAgents()).toHaveLength(1);
  });

  it("refuses a token of another node without using it up", async () => {
    const token = await tokenFor("ruby");
    const refused = await enroll(token, "crystal");
    expect(refused).toMatchObject({ code: "ENROLL_WRONG_NODE", message: expect.stringContaining("for the node ruby") });
    expect(await enroll(token, "ruby")).toMatchObject({ ok: true });
  });

  it("refuses a token after an hour", async () => {
    const token = await tokenFor("ruby");
    nowMs += 3_600_000;
    expect(await enroll(token, "ruby")).toMatchObject({ code: "ENROLL_TOKEN_EXPIRED" });
  });

  it("refuses nonsense, unknown secrets, another console's tokens and keys that are none", async () => {
    const token = await tokenFor("ruby");
    const [, secret = "", print = ""] = token.split(".");
    expect(await enroll("", "ruby")).toMatchObject({ code: "ENROLL_BAD_TOKEN" });
    expect(await enroll(`qd1.${"A".repeat(43)}.${print}`, "ruby")).toMatchObject({ code: "ENROLL_BAD_TOKEN" });
    expect(await enroll(`qd1.${secret}.${"A".repeat(22)}`, "ruby")).toMatchObject({ code: "ENROLL_OTHER_CONSOLE" });
    expect(await enroll(token, "ruby", "c2hvcnQ=")).toMatchObject({ code: "ENROLL_BAD_KEY" });
    expect(await enroll(token, "ruby")).toMatchObject({ ok: true });
  });

  it("makes no token for a cluster that does not exist", async () => {
    expect(await auth.agents.newEnrollment({ cluster: "san-x", node: "ruby", role: "member" }, null)).toMatchObject({
      code: "CLUSTER_UNKNOWN",
    });
  });

  it("stops an address that guesses, and does not count nodes that succeed", async () => {
    auth = await createAuth(open.db, () => nowMs, createLimits({ address: 9, user: 9, setup: 9, enroll: 2 }));
    for (const node of ["a", "b", "c", "d"]) expect(await enroll(await tokenFor(node), node)).toMatchObject({ ok: true });
    const token = await tokenFor("ruby");
    for (let i = 0; i < 2; i++) await enroll("guess", "ruby");
    expect(await enroll(token, "ruby")).toMatchObject({ code: "AUTH_TOO_MANY" });
  });
});

describe("trust", () => {
  it("ends at once, for good, and is told with the agent it was for", async () => {
    const result = await enroll(await tokenFor("ruby"), "ruby");
    const id = result.ok ? result.answer.agentId : "";
    expect(await auth.agents.endTrust(id)).toMatchObject({ ok: true, agent: { id, node: "ruby", trustEndedAtMs: nowMs } });
    expect(trustEnded.map((agent) => agent.id)).toEqual([id]);
    expect(await open.db.agents.agentById(id)).toMatchObject({ trustEndedAtMs: nowMs });
    expect(await auth.agents.endTrust(id)).toMatchObject({ code: "AGENT_UNKNOWN" });
    expect(trustEnded).toHaveLength(1);
  });

  it("is in one agent per node: a new one takes the place of the old, which is told, and other nodes keep theirs", async () => {
    const first = await enroll(await tokenFor("ruby"), "ruby");
    await enroll(await tokenFor("crystal"), "crystal");
    const second = await enroll(await tokenFor("ruby"), "ruby");
    expect(trustEnded.map(({ id }) => id)).toEqual([first.ok && first.answer.agentId]);
    const trusted = (await open.db.agents.listAgents()).filter(({ trustEndedAtMs }) => trustEndedAtMs === null);
    expect(trusted.map(({ node }) => node)).toEqual(["crystal", "ruby"]);
    expect(trusted[1]?.id).toBe(second.ok && second.answer.agentId);
  });
});

describe("the console's key", () => {
  it("stays the same over restarts, and what it signs its public key confirms", async () => {
    const key = await loadConsoleKey(open.db.settings);
    expect(key.publicKey).toBe(auth.consoleKey.publicKey);
    expect(Buffer.from(key.publicKey, "base64")).toHaveLength(32);
    const bytes = new TextEncoder().encode("hello");
    expect(verifyAgent(key.publicKey, bytes, key.sign(bytes))).toBe(true);
  });

  it("is another one for another console", async () => {
    const other = await temporaryDatabase();
    expect((await loadConsoleKey(other.db.settings)).publicKey).not.toBe(auth.consoleKey.publicKey);
    await other.remove();
  });
});

describe("verifyAgent", () => {
  const facts = {
    signer: "agent" as const,
    agentId: "a",
    node: "ruby",
    agentNonce: "n",
    consoleNonce: "m",
    agentKey: "k",
    consoleKey: "c",
    channel: null,
  };

  it("accepts the agent's own signature of exactly these facts", () => {
    const key = agentKey();
    const signature = key.sign(handshakeBytes(facts));
    expect(verifyAgent(key.raw, handshakeBytes(facts), signature)).toBe(true);
    expect(verifyAgent(key.raw, handshakeBytes({ ...facts, node: "crystal" }), signature)).toBe(false);
    expect(verifyAgent(key.raw, handshakeBytes({ ...facts, signer: "console" }), signature)).toBe(false);
    expect(verifyAgent(agentKey().raw, handshakeBytes(facts), signature)).toBe(false);
  });

  it("says no to whatever is malformed", () => {
    const key = agentKey();
    const bytes = handshakeBytes(facts);
    for (const signature of ["", "AAAA", "not base64!", Buffer.alloc(64).toString("base64")]) {
      expect(verifyAgent(key.raw, bytes, signature)).toBe(false);
    }
    for (const publicKey of ["", "AAAA", Buffer.alloc(33).toString("base64"), Buffer.alloc(32, 0xff).toString("base64")]) {
      expect(verifyAgent(publicKey, bytes, key.sign(bytes))).toBe(false);
    }
  });
});
