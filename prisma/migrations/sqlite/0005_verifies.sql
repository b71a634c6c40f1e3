-- SPDX-License-Identifier: Apache-2.0
-- Every online verify as a record, with the places where blocks differ and the kernel's lines about it.
-- Times are epoch milliseconds, sectors are of 512 bytes.

CREATE TABLE "Verify" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "clusterSlug" TEXT NOT NULL,
  "resource" TEXT NOT NULL,
  "volume" INTEGER NOT NULL,
  "pair" TEXT NOT NULL,
  "startedAtMs" BIGINT NOT NULL,
  "endedAtMs" BIGINT,
  "result" TEXT,
  "revision" INTEGER NOT NULL,
  "body" TEXT NOT NULL,
  FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "Verify_clusterSlug_resource_volume_pair_startedAtMs_idx" ON "Verify" ("clusterSlug", "resource", "volume", "pair", "startedAtMs");
CREATE INDEX "Verify_clusterSlug_startedAtMs_id_idx" ON "Verify" ("clusterSlug", "startedAtMs", "id");
CREATE INDEX "Verify_endedAtMs_idx" ON "Verify" ("endedAtMs");

CREATE TABLE "VerifyBlocks" (
  "verifyId" TEXT NOT NULL,
  "startSector" BIGINT NOT NULL,
  "sectors" BIGINT NOT NULL,
  PRIMARY KEY ("verifyId", "startSector", "sectors"),
  FOREIGN KEY ("verifyId") REFERENCES "Verify" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "VerifyLine" (
  "verifyId" TEXT NOT NULL,
  "node" TEXT NOT NULL,
  "kmsgSeq" BIGINT NOT NULL,
  "atMs" BIGINT NOT NULL,
  "text" TEXT NOT NULL,
  PRIMARY KEY ("verifyId", "node", "kmsgSeq", "text"),
  FOREIGN KEY ("verifyId") REFERENCES "Verify" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
