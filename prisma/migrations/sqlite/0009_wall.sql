-- SPDX-License-Identifier: Apache-2.0
-- Keys of wall displays. Times are epoch milliseconds; "clusters" is a JSON list of slugs, null for all.

CREATE TABLE "WallKey" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "name" TEXT NOT NULL,
  "keyHash" TEXT NOT NULL,
  "clusters" TEXT,
  "createdBy" TEXT NOT NULL,
  "createdAt" BIGINT NOT NULL,
  "expiresAt" BIGINT,
  "revokedAt" BIGINT,
  "lastUsedAt" BIGINT
);
CREATE UNIQUE INDEX "WallKey_keyHash_key" ON "WallKey" ("keyHash");
