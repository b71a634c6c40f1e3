// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { NewEnrollment } from "@/agent/protocol/console/api";
import type { EnrollAnswer, EnrollProof, EnrollRequest } from "@/agent/protocol/messages";
import { enrollProofBytes } from "@/agent/protocol/signing";
import type { Agent } from "@/server/db/agents";
import type { OpenEnrollment } from "@/server/db/enrollments";
import type { Database } from "@/server/db/open";
import type { Channel } from "@/server/tls/channel";
import { type ConsoleKey, isPublicKey } from "./console-key";
import type { Limits } from "./limits";
import { addressKey } from "./limits";
import { type Refusal, refusal } from "./refusal";
import { hashOf, newSecret } from "./secrets";
import { createSignal } from "./signal";

const ENROLLMENT_LASTS_MS = 3_600_000;
/** `qd1.<secret>.<fingerprint of the console's key>` */
const TOKEN = /^qd1\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})$/;

const NO_AGENT = "There is no such agent, or its trust ended before.";

/** How nodes come to be trusted, and how that ends. */
export function createAgentTrust(db: Pick<Database, "agents" | "enrollments">, key: ConsoleKey, limits: Limits, clock: () => number) {
  const trustEnded = createSignal<Agent>();
  const enrolled = createSignal<Agent>();
  const labelled = createSignal<Agent>();

  async function redeem(request: EnrollRequest): Promise<{ ok: true; answer: EnrollAnswer } | Refusal> {
    const [, secret, fingerprint] = TOKEN.exec(request.token) ?? [];
    if (secret === undefined)
      return refusal("ENROLL_BAD_TOKEN", "This is not an enrolment token. Copy the whole line that the console showed.");
    if (fingerprint !== key.fingerprint) {
      return refusal(
        "ENROLL_OTHER_CONSOLE",
        "This token is from another console, or this console has lost its key. Make a new token here.",
      );
    }
    if (!isPublicKey(request.publicKey)) return refusal("ENROLL_BAD_KEY", "The agent's key is not an Ed25519 public key.");
    const { node, publicKey, agentVersion } = request;
    const result = await db.enrollments.enroll(hashOf(secret), { id: randomUUID(), node, publicKey, agentVersion }, clock());
    if (result.ok) {
      for (const agent of result.replaced) trustEnded.emit(agent);
      enrolled.emit(result.agent);
      const { id, cluster, role } = result.agent;
      return { ok: true, answer: { agentId: id, cluster, role, consoleKey: key.publicKey } };
    }
    switch (result.why) {
      case "unknown":
        return refusal("ENROLL_BAD_TOKEN", "This console does not know this token. Make a new one.");
      case "used":
        return refusal("ENROLL_TOKEN_USED", "This token was used before; each is for one agent, once. Make a new one.");
      case "expired":
        return refusal("ENROLL_TOKEN_EXPIRED", "This token is more than an hour old. Make a new one.");
      case "wrongNode":
        return refusal("ENROLL_WRONG_NODE", `This token is for the node ${result.expected}, and this node says it is ${node}.`);
    }
  }

  return {
    /** An agent's trust ended: its socket closes now. */
    onTrustEnded: trustEnded.on,
    /** A node was enrolled: it may connect from now on. */
    onEnrolled: enrolled.on,
    /** A node has another label. */
    onLabelled: labelled.on,
    /** A token for one cluster, role and node name, good for one hour and one use. `by`: who asks for it. */
    async newEnrollment(
      { cluster, node, role }: NewEnrollment,
      by: string | null,
    ): Promise<{ ok: true; token: string; expiresAtMs: number } | Refusal> {
      const secret = newSecret();
      const expiresAtMs = clock() + ENROLLMENT_LASTS_MS;
      const tokenHash = hashOf(secret);
      const isKept = await db.enrollments.addEnrollment({ id: randomUUID(), tokenHash, cluster, node, role, expiresAtMs, createdBy: by });
      if (!isKept) return refusal("CLUSTER_UNKNOWN", `There is no cluster ${cluster}. Add it first.`);
      return { ok: true, token: `qd1.${secret}.${key.fingerprint}`, expiresAtMs };
    },
    /** Tokens that a node may still bring. */
    openEnrollments: (): Promise<OpenEnrollment[]> => db.enrollments.openEnrollments(clock()),
    async withdraw(id: string): Promise<{ ok: true } | Refusal> {
      if (await db.enrollments.withdrawEnrollment(id)) return { ok: true };
      return refusal("ENROLL_UNKNOWN", "There is no such command, or it was used or withdrawn before.");
    },
    /**
     * Proves to a node that this is the console whose key its token names, on the very connection it asks by: only then does
     * it give the token away. What is signed is good for nothing else.
     */
    proveConsole(agentNonce: string, channel: Channel): { ok: true; proof: EnrollProof } | Refusal {
      switch (channel.is) {
        case "plain":
          return refusal(
            "ENROLL_CHANNEL",
            "This reached the console without TLS: something on the way ends it. If that is your reverse proxy, enrol with --tls-proxy.",
          );
        case "old":
          return refusal("ENROLL_CHANNEL", "An agent's connection must be TLS 1.3.");
        case "bound": {
          const signature = key.sign(enrollProofBytes({ agentNonce, consoleKey: key.publicKey, channel: channel.id }));
          return { ok: true, proof: { consoleKey: key.publicKey, signature } };
        }
      }
    },
    /** Trades a token for trust in an agent's key. */
    async enroll(request: EnrollRequest, address: string): Promise<{ ok: true; answer: EnrollAnswer } | Refusal> {
      const attempt = await limits.attempt({ enroll: addressKey(address) });
      if (!attempt.ok) return attempt;
      const result = await redeem(request);
      if (result.ok) await attempt.succeeded();
      return result;
    },
    async setLabel(id: string, label: string | null): Promise<{ ok: true } | Refusal> {
      const agent = await db.agents.setLabel(id, label);
      if (!agent) return refusal("AGENT_UNKNOWN", NO_AGENT);
      labelled.emit(agent);
      return { ok: true };
    },
    async endTrust(id: string): Promise<{ ok: true; agent: Agent } | Refusal> {
      const agent = await db.agents.endTrust(id, clock());
      if (!agent) return refusal("AGENT_UNKNOWN", NO_AGENT);
      trustEnded.emit(agent);
      return { ok: true, agent };
    },
  };
}
