// SPDX-License-Identifier: Apache-2.0
import { beforeEach, inject } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import { type Client, type SeenView, signIn } from "../api";
import { calm } from "../calm";
import { labIn } from "../lab";

const { dir, access } = inject("lab");

/** The lab that runs for the tests. */
export const lab = labIn(dir);

/** Somebody of a role, signed in. */
export const as = (role: UserRole): Promise<Client> => signIn(access, role);

/** Waits until the console shows something: what `look` finds in the view. @throws with `what` when it does not come */
export async function seen<T>(client: Client, what: string, look: (view: SeenView) => T | null | undefined, withinMs?: number): Promise<T> {
  return lab.until(async () => look(await client.view()) ?? null, `The console does not show ${what}`, withinMs);
}

/** Before each test: whatever the one before it broke is put right. */
beforeEach(() => calm(lab, () => as("viewer")));
