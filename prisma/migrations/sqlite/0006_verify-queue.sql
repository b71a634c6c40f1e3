-- SPDX-License-Identifier: Apache-2.0
-- Verifies that wait for their turn or have begun, and the schedules that ask for them. Times are epoch milliseconds.

CREATE TABLE "VerifyQueued" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "clusterSlug" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "volume" INTEGER NOT NULL,
  "ownerId" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "scheduleId" TEXT,
  "askedAtMs" BIGINT NOT NULL,
  "terms" TEXT NOT NULL,
  "begunAtMs" BIGINT,
  "runId" TEXT
);
-- A mirror is queued once: nothing can start it twice.
CREATE UNIQUE INDEX "VerifyQueued_clusterSlug_resource_volume_key" ON "VerifyQueued" ("clusterSlug", "resource", "volume");

CREATE TABLE "VerifySchedule" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "ownerId" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "createdAtMs" BIGINT NOT NULL,
  "wanted" TEXT NOT NULL,
  "handledMs" BIGINT NOT NULL,
  "last" TEXT
);
