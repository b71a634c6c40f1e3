// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { NewUser, UserChange } from "@/agent/protocol/console/api";
import type { PeopleRecords } from "@/server/db/people";
import { hashPassword } from "./passwords";
import { type Refusal, refusal } from "./refusal";
import type { Sessions } from "./sessions";

const LAST_ADMIN = "This is the only admin. Make somebody else an admin first.";

function outcome(result: "done" | "unknown" | "lastAdmin"): { ok: true } | Refusal {
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
export function createUsers(people: PeopleRecords, sessions: Sessions, clock: () => number) {
  return {
    list: () => people.listUsers(),
    async add({ user, password, role }: NewUser): Promise<{ ok: true } | Refusal> {
      const passwordHash = await hashPassword(password);
      const isNew = await people.addUser({ id: randomUUID(), name: user, passwordHash, role, createdAtMs: clock() });
      return isNew ? { ok: true } : refusal("USER_NAME_TAKEN", `There is a user ${user} already.`);
    },
    /** A new role is in force at once; a new password ends every session of the user. */
    async change(id: string, { role, password }: UserChange): Promise<{ ok: true } | Refusal> {
      const passwordHash = password === undefined ? undefined : await hashPassword(password);
      const change = { ...(role === undefined ? {} : { role }), ...(passwordHash === undefined ? {} : { passwordHash }) };
      const result = await people.changeUser(id, change);
      if (result === "done") {
        const ids = await people.sessionIdsOf(id);
        if (passwordHash !== undefined) await sessions.end(ids);
        else sessions.forget(ids, "roleChanged");
      }
      return outcome(result);
    },
    async remove(id: string): Promise<{ ok: true } | Refusal> {
      const ids = await people.sessionIdsOf(id);
      const result = await people.removeUser(id);
      if (result === "done") sessions.forget(ids, "sessionEnded");
      return outcome(result);
    },
  };
}
