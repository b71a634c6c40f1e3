-- SPDX-License-Identifier: Apache-2.0
-- What an entry of the timeline tells, as fields beside its words: JSON, null where there is nothing that its words do not say to people.

ALTER TABLE "Event" ADD COLUMN "payload" TEXT;
