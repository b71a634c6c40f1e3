// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { type Database, openDatabase } from "./open";

/** Where this project keeps the migrations of the embedded database. */
export const MIGRATIONS = path.resolve(import.meta.dirname, "../../prisma/migrations/sqlite");

/** A real database in a folder of its own, for tests. */
export async function temporaryDatabase(): Promise<{ db: Database; dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-database-"));
  const db = await openDatabase(dataDir, MIGRATIONS);
  return {
    db,
    dataDir,
    remove: async () => {
      await db.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A cluster `san-a` with one trusted agent on `node`, whose id it answers. */
export async function addTestAgent(db: Database, node: string): Promise<string> {
  await db.clusters.addCluster({ slug: "san-a", title: "SAN A", environment: "PROD" });
  const enrollment = {
    id: `enrollment-${node}`,
    tokenHash: `hash-${node}`,
    cluster: "san-a",
    node,
    role: "member" as const,
    createdBy: null,
  };
  await db.enrollments.addEnrollment({ ...enrollment, expiresAtMs: 2 });
  const agent = { id: `agent-${node}`, node, publicKey: "key", agentVersion: "0.1.0" };
  const enrolled = await db.enrollments.enroll(enrollment.tokenHash, agent, 1);
  if (!enrolled.ok) throw new Error(`The test's agent was refused: ${enrolled.why}`);
  return enrolled.agent.id;
}
