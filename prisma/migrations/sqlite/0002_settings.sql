-- SPDX-License-Identifier: Apache-2.0
-- Users that may not sign in, tokens that belong to somebody, labels of nodes, who enrolled them. Times are epoch milliseconds.

ALTER TABLE "User" ADD COLUMN "disabledAt" BIGINT;
ALTER TABLE "User" ADD COLUMN "lastSignInAt" BIGINT;

ALTER TABLE "ApiToken" ADD COLUMN "ownerId" TEXT REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ApiToken" ADD COLUMN "lastUsedAt" BIGINT;
CREATE INDEX "ApiToken_ownerId_idx" ON "ApiToken"("ownerId");
-- Only admins made tokens before; which of them is not known. The first one answers for those that are there.
UPDATE "ApiToken" SET "ownerId" = (SELECT "id" FROM "User" WHERE "role" = 'admin' ORDER BY "createdAt", "id" LIMIT 1);

ALTER TABLE "Agent" ADD COLUMN "label" TEXT;
ALTER TABLE "Agent" ADD COLUMN "enrolledBy" TEXT;

ALTER TABLE "Enrollment" ADD COLUMN "createdBy" TEXT;
CREATE INDEX "Enrollment_expiresAt_idx" ON "Enrollment"("expiresAt");
