-- SPDX-License-Identifier: Apache-2.0
-- Whose word a finding is: so a console that was started again knows who has to be heard before it may call one over.

ALTER TABLE "FindingSince" ADD COLUMN "witnesses" TEXT;
