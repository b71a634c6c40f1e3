-- SPDX-License-Identifier: Apache-2.0
-- The timeline: what kind of thing an event tells, why, and what it leads to; notes; counts of what was removed.
-- Times are epoch milliseconds.

ALTER TABLE "Event" ADD COLUMN "what" TEXT NOT NULL DEFAULT 'state';
ALTER TABLE "Event" ADD COLUMN "why" TEXT;
ALTER TABLE "Event" ADD COLUMN "ref" TEXT;

-- Events from before are known by the words that they were told in.
UPDATE "Event" SET "what" = 'gap' WHERE "source" IS NULL AND (
  "text" LIKE '%: agent silent' OR "text" LIKE '%: agent back%' OR "text" LIKE '%: agent heard for the first time'
  OR "text" LIKE '% were lost on the node');
UPDATE "Event" SET "what" = 'gap' WHERE "text" LIKE '% could not be read: %' OR "text" LIKE '% can be read again';
UPDATE "Event" SET "what" = 'fencing' WHERE "source" = 'pacemaker' AND (
  "text" LIKE '% is being fenced (%)' OR "text" LIKE '% fenced%(%)' OR "text" LIKE 'fencing of %');

-- Counting by kind and level reads this index alone, not the events.
DROP INDEX "Event_clusterSlug_atMs_id_idx";
CREATE INDEX "Event_clusterSlug_atMs_id_what_level_idx" ON "Event"("clusterSlug", "atMs", "id", "what", "level");
CREATE INDEX "Event_clusterSlug_node_atMs_id_idx" ON "Event"("clusterSlug", "node", "atMs", "id");
CREATE INDEX "Event_clusterSlug_subject_atMs_id_idx" ON "Event"("clusterSlug", "subject", "atMs", "id");

ALTER TABLE "FindingSince" ADD COLUMN "title" TEXT;
ALTER TABLE "FindingSince" ADD COLUMN "subject" TEXT;
ALTER TABLE "FindingSince" ADD COLUMN "node" TEXT;

CREATE TABLE "EventCount" (
    "clusterSlug" TEXT NOT NULL,
    "unitMs" INTEGER NOT NULL,
    "startMs" BIGINT NOT NULL,
    "what" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    PRIMARY KEY ("clusterSlug", "unitMs", "startMs", "what", "level"),
    CONSTRAINT "EventCount_clusterSlug_fkey" FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "Note" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterSlug" TEXT NOT NULL,
    "madeAtMs" BIGINT NOT NULL,
    "by" TEXT NOT NULL,
    "withdrawnAtMs" BIGINT,
    "withdrawnBy" TEXT,
    CONSTRAINT "Note_clusterSlug_fkey" FOREIGN KEY ("clusterSlug") REFERENCES "Cluster" ("slug") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "Note_clusterSlug_idx" ON "Note"("clusterSlug");
