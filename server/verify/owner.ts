// SPDX-License-Identifier: Apache-2.0
import { includesRole } from "@/server/auth/roles";
import type { Asker } from "@/server/commands/previews";
import type { PeopleRecords } from "@/server/db/people";

/** What a verify needs of whoever it runs for. */
const NEEDS = "operator";

/**
 * The person something runs for, as one who asks now: with no more right than it takes.
 * @returns why not, as a sentence, when they are gone, may not sign in, or may not verify any more
 */
export async function askerFor(
  people: Pick<PeopleRecords, "userById">,
  { ownerId, owner }: { ownerId: string; owner: string },
): Promise<{ asker: Asker } | { not: string }> {
  const user = await people.userById(ownerId);
  if (!user) return { not: `${owner}, in whose name it runs, is no user of this console any more.` };
  if (user.disabledAtMs !== null) return { not: `${user.name}, in whose name it runs, may not sign in any more.` };
  if (!includesRole(user.role, NEEDS))
    return { not: `${user.name}, in whose name it runs, is ${user.role}: verifying needs the role ${NEEDS}.` };
  return { asker: { user: user.name, role: NEEDS, token: null, from: null } };
}
