-- SPDX-License-Identifier: Apache-2.0
-- Nodes that were lost or fenced, each with its services' way elsewhere; and what state each service was in, from when to
-- when. Times are epoch milliseconds.

CREATE TABLE "Incident" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "clusterSlug" TEXT NOT NULL,
  "node" TEXT NOT NULL,
  "openedAtMs" BIGINT NOT NULL,
  "endedAtMs" BIGINT,
  "revision" INTEGER NOT NULL,
  "body" TEXT NOT NULL
);
CREATE INDEX "Incident_clusterSlug_openedAtMs_id_idx" ON "Incident" ("clusterSlug", "openedAtMs", "id");
CREATE INDEX "Incident_endedAtMs_idx" ON "Incident" ("endedAtMs");

CREATE TABLE "ServiceSpan" (
  "clusterSlug" TEXT NOT NULL,
  "service" TEXT NOT NULL,
  "fromMs" BIGINT NOT NULL,
  "toMs" BIGINT,
  "state" TEXT NOT NULL,
  "why" TEXT,
  "node" TEXT,
  PRIMARY KEY ("clusterSlug", "service", "fromMs")
);
CREATE INDEX "ServiceSpan_clusterSlug_toMs_idx" ON "ServiceSpan" ("clusterSlug", "toMs");

CREATE TABLE "ServiceWatch" (
  "clusterSlug" TEXT NOT NULL PRIMARY KEY,
  "knownAtMs" BIGINT NOT NULL
);
