-- SPDX-License-Identifier: Apache-2.0
-- Alerts: whom they go to, when, and what is still to be sent. Times are epoch milliseconds.
-- "Alert" and "AlertMessage" are written in one transaction: what is to be told is never only in memory.

CREATE TABLE "AlertReceiver" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL,
  "settings" TEXT NOT NULL,
  "secret" TEXT,
  "createdBy" TEXT NOT NULL,
  "createdAt" BIGINT NOT NULL,
  "lastOkAt" BIGINT
);
CREATE UNIQUE INDEX "AlertReceiver_name_key" ON "AlertReceiver" ("name");

CREATE TABLE "AlertRoute" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "receiverId" TEXT NOT NULL,
  "wanted" TEXT NOT NULL,
  "createdBy" TEXT NOT NULL,
  "createdAt" BIGINT NOT NULL,
  CONSTRAINT "AlertRoute_receiverId_fkey" FOREIGN KEY ("receiverId") REFERENCES "AlertReceiver" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "AlertRoute_receiverId_idx" ON "AlertRoute" ("receiverId");

CREATE TABLE "AlertSilence" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "matchers" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "createdBy" TEXT NOT NULL,
  "createdAt" BIGINT NOT NULL,
  "endsAt" BIGINT NOT NULL,
  "endedBy" TEXT
);

CREATE TABLE "Alert" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "clusterSlug" TEXT NOT NULL,
  "openedAt" BIGINT NOT NULL,
  "endedAt" BIGINT,
  "body" TEXT NOT NULL
);
CREATE INDEX "Alert_endedAt_idx" ON "Alert" ("endedAt");

CREATE TABLE "AlertMessage" (
  "seq" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "id" TEXT NOT NULL,
  "receiverId" TEXT NOT NULL,
  "createdAt" BIGINT NOT NULL,
  "state" TEXT NOT NULL,
  "nextAt" BIGINT NOT NULL,
  "endedAt" BIGINT,
  "body" TEXT NOT NULL,
  "attempts" TEXT NOT NULL,
  CONSTRAINT "AlertMessage_receiverId_fkey" FOREIGN KEY ("receiverId") REFERENCES "AlertReceiver" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "AlertMessage_id_key" ON "AlertMessage" ("id");
CREATE INDEX "AlertMessage_state_idx" ON "AlertMessage" ("state");
CREATE INDEX "AlertMessage_receiverId_idx" ON "AlertMessage" ("receiverId");
