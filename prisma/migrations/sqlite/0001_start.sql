-- SPDX-License-Identifier: Apache-2.0
-- Times are epoch milliseconds.

CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "User_name_key" ON "User"("name");

CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "lastSeenAt" BIGINT NOT NULL,
    "userAgent" TEXT,
    "address" TEXT,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Session_tokenHash_key" ON "Session"("tokenHash");
CREATE INDEX "Session_userId_idx" ON "Session"("userId");
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "revokedAt" BIGINT
);
CREATE UNIQUE INDEX "ApiToken_tokenHash_key" ON "ApiToken"("tokenHash");

CREATE TABLE "Cluster" (
    "slug" TEXT NOT NULL PRIMARY KEY,
    "title" TEXT NOT NULL,
    "environment" TEXT
);

CREATE TABLE "Agent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterSlug" TEXT NOT NULL,
    "node" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "agentVersion" TEXT,
    "enrolledAt" BIGINT NOT NULL,
    "trustEndedAt" BIGINT,
    "journalId" TEXT,
    "ackedSeq" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "Agent_clusterSlug_fkey" FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "Agent_clusterSlug_node_idx" ON "Agent"("clusterSlug", "node");

CREATE TABLE "Enrollment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "clusterSlug" TEXT NOT NULL,
    "node" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "usedAt" BIGINT,
    CONSTRAINT "Enrollment_clusterSlug_fkey" FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Enrollment_tokenHash_key" ON "Enrollment"("tokenHash");

CREATE TABLE "Fact" (
    "agentId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "reading" TEXT NOT NULL,
    "lastOk" TEXT,
    "takenAtMs" BIGINT NOT NULL,
    "okAtMs" BIGINT,
    "everyMs" INTEGER NOT NULL,
    "memory" TEXT,
    PRIMARY KEY ("agentId", "source"),
    CONSTRAINT "Fact_agentId_fkey" FOREIGN KEY ("agentId") REFERENCES "Agent" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "Event" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "clusterSlug" TEXT NOT NULL,
    "agentId" TEXT,
    "journalId" TEXT,
    "seq" INTEGER,
    "part" INTEGER NOT NULL,
    "atMs" BIGINT NOT NULL,
    "node" TEXT,
    "source" TEXT,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    CONSTRAINT "Event_clusterSlug_fkey" FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Event_agentId_fkey" FOREIGN KEY ("agentId") REFERENCES "Agent" ("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Event_agentId_journalId_seq_part_key" ON "Event"("agentId", "journalId", "seq", "part");
CREATE INDEX "Event_clusterSlug_atMs_id_idx" ON "Event"("clusterSlug", "atMs", "id");

CREATE TABLE "KernelLine" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "agentId" TEXT NOT NULL,
    "kmsgSeq" BIGINT NOT NULL,
    "atMs" BIGINT NOT NULL,
    "priority" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    CONSTRAINT "KernelLine_agentId_fkey" FOREIGN KEY ("agentId") REFERENCES "Agent" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "KernelLine_agentId_id_idx" ON "KernelLine"("agentId", "id");

CREATE TABLE "FindingSince" (
    "clusterSlug" TEXT NOT NULL,
    "findingId" TEXT NOT NULL,
    "sinceMs" BIGINT NOT NULL,
    PRIMARY KEY ("clusterSlug", "findingId"),
    CONSTRAINT "FindingSince_clusterSlug_fkey" FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);
