// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { AgentList, Enrollment } from "@/agent/protocol/console/api";
import type { NodeRole } from "@/agent/protocol/names";
import { type Client, type ConsoleAccess, send, signIn } from "./api";
import type { LabConsole } from "./console";

/** A user for each role, and the cluster to enrol nodes into. */
export async function firstUsers({ origin, certFile, setupCode }: LabConsole, slug: string, title: string): Promise<ConsoleAccess> {
  const access = { origin, certFile, slug, password: randomBytes(12).toString("base64url") };
  const { password } = access;
  const made = await send(access, "POST", "/api/v1/setup", { body: { code: setupCode, user: "admin", password } });
  if (made.cookie === null) throw new Error(`The console did not take its first admin: ${made.status} ${JSON.stringify(made.body)}`);
  const admin = await signIn(access, "admin");
  for (const role of ["operator", "viewer"]) await admin.ask("POST", "/api/v1/users", { user: role, role, password });
  await admin.ask("POST", "/api/v1/clusters", { slug, title, environment: "LAB" });
  return access;
}

/** A one-time token to enrol a node of the lab's cluster with. */
export async function newToken(admin: Client, cluster: string, node: string, role: NodeRole = "member"): Promise<string> {
  const { body } = await admin.ask("POST", "/api/v1/enrollments", { cluster, node, role });
  return Enrollment.parse(body).token;
}

/** How many agents the console hears. */
export async function liveAgents(admin: Client): Promise<number> {
  const { body } = await admin.ask("GET", "/api/v1/agents");
  return AgentList.parse(body).agents.filter(({ link }) => link === "live").length;
}
