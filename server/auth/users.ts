// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { NewUser, UserChange } from "@/agent/protocol/console/people";
import type { Changed, PeopleRecords } from "@/server/db/people";
import type { ApiTokens } from "./api-tokens";
import { hashPassword } from "./passwords";
import { type Refusal, refusal } from "./refusal";
import type { Sessions } from "./sessions";

const LAST_ADMIN = "This is the only admin who may sign in. Make somebody else an admin first.";

function outcome(result: Changed): { ok: true } | Refusal {
  switch (result) {
    case "done":
      return { ok: true };
    case "unknown":
      return refusal("USER_UNKNOWN", "There is no such user.");
    case "lastAdmin":
      return refusal("USER_LAST_ADMIN", LAST_ADMIN);
  }
}

/** The people who may sign in. */
export function createUsers(people: PeopleRecords, sessions: Sessions, tokens: ApiTokens, clock: () => number) {
  return {
    list: () => people.listUsers(),
    async add({ user, password, role }: NewUser): Promise<{ ok: true } | Refusal> {
      const passwordHash = await hashPassword(password);
      const never = { disabledAtMs: null, lastSignInAtMs: null };
      const isNew = await people.addUser({ id: randomUUID(), name: user, passwordHash, role, createdAtMs: clock(), ...never });
      return isNew ? { ok: true } : refusal("USER_NAME_TAKEN", `There is a user ${user} already.`);
    },
    /**
     * A new role is in force at once, and revokes the tokens that say more; a new password ends every session of the
     * user; who may not sign in any more has neither sessions nor tokens.
     */
    async change(id: string, { role, password, disabled }: UserChange): Promise<{ ok: true } | Refusal> {
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      const result = await people.changeUser(id, {
        ...(role === undefined ? {} : { role }),
        ...(passwordHash === undefined ? {} : { passwordHash }),
        ...(disabled === undefined ? {} : { disabledAtMs: disabled ? clock() : null }),
      });
      if (result !== "done") return outcome(result);
      const ids = await people.sessionIdsOf(id);
      if (passwordHash !== undefined || disabled === true) await sessions.end(ids);
      else if (role !== undefined) sessions.forget(ids, "roleChanged");
      if (disabled === true) await tokens.endAbove(id, null);
      else if (role !== undefined) await tokens.endAbove(id, role);
      return outcome(result);
    },
    /** Sessions and tokens go with the user. */
    async remove(id: string): Promise<{ ok: true } | Refusal> {
      const ids = [...(await people.sessionIdsOf(id)), ...(await tokens.sessionIdsOf(id))];
      const result = await people.removeUser(id);
      if (result === "done") sessions.forget(ids, "sessionEnded");
      return outcome(result);
    },
  };
}
