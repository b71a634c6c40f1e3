-- SPDX-License-Identifier: Apache-2.0
-- Recordings that somebody opened: kept whole, so that a restart shows them again. Times are epoch milliseconds.

CREATE TABLE "Recording" (
  "slug" TEXT NOT NULL PRIMARY KEY,
  "title" TEXT NOT NULL,
  "origin" TEXT NOT NULL,
  "atMs" BIGINT NOT NULL,
  "atFrom" TEXT NOT NULL,
  "openedBy" TEXT NOT NULL,
  "openedAtMs" BIGINT NOT NULL,
  "nodes" TEXT NOT NULL
);
