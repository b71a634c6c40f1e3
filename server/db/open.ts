// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir } from "node:fs/promises";
import path from "node:path";
import { type AgentRecords, agentRecords } from "./agents";
import { type AlertRecords, alertRecords } from "./alerts";
import { type AuditRecords, auditRecords } from "./audit";
import { type ClusterRecords, clusterRecords } from "./clusters";
import { connectSqlite } from "./connection";
import { type EnrollmentRecords, enrollmentRecords } from "./enrollments";
import { type EventRecords, eventRecords } from "./events";
import { type FactRecords, factRecords } from "./facts";
import { takeFolder } from "./folder-lock";
import { type FollowedRecords, followedRecords } from "./followed";
import { type HistoryRecords, historyRecords } from "./history";
import { type MaintenanceRecords, maintenanceRecords } from "./maintenance";
import { migrate } from "./migrate";
import { type NoteRecords, noteRecords } from "./notes";
import { type PeopleRecords, peopleRecords } from "./people";
import { type RecordingRecords, recordingRecords } from "./recordings";
import { type Pruned, prune } from "./retention";
import { type SettingRecords, settingRecords } from "./settings";
import { sqliteTarget } from "./sqlite-target";
import { type TimelineRecords, timelineRecords } from "./timeline";
import { type TokenRecords, tokenRecords } from "./tokens";
import { type VerifyRecords, verifyRecords } from "./verifies";
import { type VerifyQueueRecords, verifyQueueRecords } from "./verify-queue";
import { type WallKeyRecords, wallKeyRecords } from "./wall-keys";

/** Everything the console keeps, by area. Times are epoch ms. */
export interface Database {
  people: PeopleRecords;
  tokens: TokenRecords;
  wallKeys: WallKeyRecords;
  clusters: ClusterRecords;
  agents: AgentRecords;
  enrollments: EnrollmentRecords;
  facts: FactRecords;
  events: EventRecords;
  timeline: TimelineRecords;
  notes: NoteRecords;
  followed: FollowedRecords;
  settings: SettingRecords;
  audit: AuditRecords;
  maintenance: MaintenanceRecords;
  verifies: VerifyRecords;
  verifyQueue: VerifyQueueRecords;
  history: HistoryRecords;
  alerts: AlertRecords;
  /** Removes what has been kept long enough (retention.ts). Bounded work. */
  prune(nowMs: number): Promise<Pruned>;
  recordings: RecordingRecords;
  /** Answers when the database does. @throws when it does not. */
  ping(): Promise<void>;
  /** Writes everything out and lets go of the data folder. */
  close(): Promise<void>;
}

/**
 * Opens the embedded database of a data folder, made if it is not there (readable by its owner only), and brings its
 * tables up to date. One console per folder.
 * @throws DatabaseError DATABASE_IN_USE, DATABASE_CHANGED_MIGRATION, DATABASE_NEWER
 */
export async function openDatabase(dataDir: string, migrationsDir: string): Promise<Database> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // A folder that was already there may be more open than ours: it will hold password hashes and the console's key.
  await chmod(dataDir, 0o700);
  const lock = await takeFolder(dataDir);
  try {
    const file = path.join(dataDir, "quarterdeck.db");
    await migrate(sqliteTarget(file), migrationsDir);
    const prisma = await connectSqlite(file);
    return {
      people: peopleRecords(prisma),
      tokens: tokenRecords(prisma),
      wallKeys: wallKeyRecords(prisma),
      clusters: clusterRecords(prisma),
      agents: agentRecords(prisma),
      enrollments: enrollmentRecords(prisma),
      facts: factRecords(prisma),
      events: eventRecords(prisma),
      timeline: timelineRecords(prisma),
      notes: noteRecords(prisma),
      followed: followedRecords(prisma),
      settings: settingRecords(prisma),
      audit: auditRecords(prisma),
      maintenance: maintenanceRecords(prisma),
      verifies: verifyRecords(prisma),
      verifyQueue: verifyQueueRecords(prisma),
      history: historyRecords(prisma),
      alerts: alertRecords(prisma),
      prune: (nowMs) => prune(prisma, nowMs),
      recordings: recordingRecords(prisma),
      ping: async () => {
        await prisma.$queryRaw`SELECT 1`;
      },
      close: async () => {
        await prisma.$disconnect();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
