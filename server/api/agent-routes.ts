// SPDX-License-Identifier: Apache-2.0
import { AgentChange, type AgentList, type Enrollment, NewEnrollment } from "@/agent/protocol/console/api";
import type { EntityOf, View } from "@/agent/protocol/console/view";
import { keyOf } from "@/agent/protocol/console/view";
import { EnrollProofRequest, EnrollRequest } from "@/agent/protocol/messages";
import { audited } from "@/server/audit/audited";
import type { Agent } from "@/server/db/agents";
import { channelOf } from "@/server/tls/channel";
import { bodyOf, done, refused } from "./answer";
import { askerOf } from "./asker";
import type { Route } from "./routes";
import { callerOf } from "./session-routes";

function nodeIn(view: View | null, node: string): EntityOf<"node"> | null {
  const entity = view?.get(keyOf.node(node));
  return entity?.kind === "node" ? entity : null;
}

/** An agent with the standing of its link. One whose trust ended has no link, whatever its node's new agent does. */
function agentLine(agent: Agent, view: View | null, nowMs: number): AgentList["agents"][number] {
  const { id, cluster, node, role, agentVersion, enrolledAtMs, enrolledBy, trustEndedAtMs, label } = agent;
  const entity = trustEndedAtMs === null ? nodeIn(view, node) : null;
  const lastWordAtMs = entity?.lastWordAtMs ?? null;
  return {
    id,
    cluster,
    node,
    role,
    link: entity?.link ?? (trustEndedAtMs === null ? "never" : "lost"),
    lastWordAtMs,
    ageMs: lastWordAtMs === null ? null : Math.max(0, nowMs - lastWordAtMs),
    agentVersion: entity?.agentVersion ?? agentVersion,
    enrolledAtMs,
    enrolledBy,
    trustEndedAtMs,
    label,
  };
}

export const agentRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/agents",
    needs: "viewer",
    async handle(c, deps) {
      const all = await deps.db.agents.listAgents();
      const atMs = deps.now();
      const agents = all.map((agent) => agentLine(agent, deps.viewOf(agent.cluster), atMs));
      return c.json({ atMs, agents } satisfies AgentList);
    },
  },
  {
    method: "PUT",
    path: "/api/v1/agents/:id",
    needs: "admin",
    async handle(c, deps) {
      const body = await bodyOf(c, AgentChange);
      return body.ok ? done(c, await deps.auth.agents.setLabel(c.req.param("id") ?? "", body.value.label)) : body.answer;
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/agents/:id",
    needs: "admin",
    async handle(c, deps, session) {
      const id = c.req.param("id") ?? "";
      const end = () => deps.auth.agents.endTrust(id);
      const agent = await deps.db.agents.agentById(id);
      // What is not there to be ended is refused, and nothing to keep.
      if (!agent || agent.trustEndedAtMs !== null) return done(c, await end());
      const { cluster, node } = agent;
      const ask = { verb: "agent.endTrust", args: { agent: id, node } };
      const change = { cluster, ask, title: `End the trust in ${node}'s agent`, about: [keyOf.node(node)], accepted: [] };
      return done(c, await audited(deps.journal, askerOf(c, session), change, end, (made) => (made.ok ? null : made.message)));
    },
  },
  {
    method: "POST",
    path: "/api/v1/enrollments",
    needs: "admin",
    async handle(c, deps, session) {
      const body = await bodyOf(c, NewEnrollment);
      if (!body.ok) return body.answer;
      const made = await deps.auth.agents.newEnrollment(body.value, session.user);
      if (!made.ok) return refused(c, made);
      const { token, expiresAtMs } = made;
      const origin = deps.origin(c.req.raw);
      // The address is https and yet what reaches us is not: a proxy ends TLS, and the agent has to know.
      const isProxied = origin.startsWith("https:") && !c.req.url.startsWith("https:");
      const command = `quarterdeck-agent enroll --console ${origin} --token ${token}${isProxied ? " --tls-proxy" : ""}`;
      return c.json({ token, command, expiresAtMs } satisfies Enrollment, 201);
    },
  },
  {
    method: "POST",
    path: "/api/v1/enroll/proof",
    needs: "nobody",
    async handle(c, deps) {
      const body = await bodyOf(c, EnrollProofRequest);
      if (!body.ok) return body.answer;
      const result = deps.auth.agents.proveConsole(body.value.nonce, channelOf(c.env.incoming?.socket));
      return result.ok ? c.json(result.proof) : refused(c, result);
    },
  },
  {
    method: "POST",
    path: "/api/v1/enroll",
    needs: "nobody",
    async handle(c, deps) {
      const body = await bodyOf(c, EnrollRequest);
      if (!body.ok) return body.answer;
      const result = await deps.auth.agents.enroll(body.value, callerOf(c).address);
      return result.ok ? c.json(result.answer) : refused(c, result);
    },
  },
];
