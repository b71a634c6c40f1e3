// SPDX-License-Identifier: Apache-2.0
import { inject } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import { type Client, type SeenView, signIn } from "@/lab/cluster/api";
import { labIn } from "../lab";

const { dir, access } = inject("vm");

/** The lab that runs for the tests. */
export const lab = labIn(dir);

/** Somebody of a role, signed in. */
export const as = (role: UserRole): Promise<Client> => signIn(access, role);

/** Everything takes long under emulation, and longer where others use the same processors. */
const PATIENCE_MS = 240_000;

/** Waits until the console shows something: what `look` finds in the view. @throws with `what` when it does not come */
export async function seen<T>(
  client: Client,
  what: string,
  look: (view: SeenView) => T | null | undefined,
  withinMs = PATIENCE_MS,
): Promise<T> {
  return lab.until(async () => look(await client.view()) ?? null, `The console does not show ${what}`, withinMs);
}
