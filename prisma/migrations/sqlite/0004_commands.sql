-- SPDX-License-Identifier: Apache-2.0
-- What was asked, done and refused, as one chain of entries; and the maintenance that people declared.
-- Times are epoch milliseconds.

CREATE TABLE "AuditEntry" (
  "seq" INTEGER NOT NULL PRIMARY KEY,
  "atMs" BIGINT NOT NULL,
  "runId" TEXT NOT NULL,
  "cluster" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "hash" TEXT NOT NULL
);
CREATE INDEX "AuditEntry_runId_seq_idx" ON "AuditEntry" ("runId", "seq");
CREATE INDEX "AuditEntry_kind_seq_idx" ON "AuditEntry" ("kind", "seq");
CREATE INDEX "AuditEntry_cluster_seq_idx" ON "AuditEntry" ("cluster", "seq");

-- Entries are only ever added. Somebody with the file can still rewrite it: the chain and the heads that agents keep tell.
CREATE TRIGGER "AuditEntry_no_update" BEFORE UPDATE ON "AuditEntry" BEGIN
  SELECT RAISE(ABORT, 'audit entries are never changed');
END;
CREATE TRIGGER "AuditEntry_no_delete" BEFORE DELETE ON "AuditEntry" BEGIN
  SELECT RAISE(ABORT, 'audit entries are never removed');
END;

CREATE TABLE "Maintenance" (
  "clusterSlug" TEXT NOT NULL,
  "node" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "note" TEXT NOT NULL,
  "startedAtMs" BIGINT NOT NULL,
  "endsAtMs" BIGINT NOT NULL,
  PRIMARY KEY ("clusterSlug", "node")
);
