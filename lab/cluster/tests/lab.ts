// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, inject } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import { watchWall } from "@/lab/wall-watch";
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

/** The longest that a wall may take: 10 s of silence until a node is lost, and the time of the machine that tests. */
const WALL_MAY_TAKE_MS = 15_000;
let wall: Awaited<ReturnType<typeof watchWall>> | null = null;

/** Before each test: whatever the one before it broke is put right. Then a wall is hung up, which may call nothing clear that is broken. */
beforeEach(async () => {
  await calm(lab, () => as("viewer"));
  wall = await watchWall(access, lab.troubles, WALL_MAY_TAKE_MS);
});
afterEach(async () => {
  const seenByWall = await wall?.stop();
  wall = null;
  expect(seenByWall?.falseGreens, "what the wall called clear that was broken").toEqual([]);
});
