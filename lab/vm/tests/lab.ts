// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, inject } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import { timing } from "@/agent/protocol/timing";
import { type Client, type SeenView, signIn } from "@/lab/cluster/api";
import { watchWall } from "@/lab/wall-watch";
import { labIn } from "../lab";
import { TIMING_FACTOR } from "../layout";

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

/** The longest that a wall may take: until a node is lost, and what emulation adds where others use the same processors. */
const WALL_MAY_TAKE_MS = timing(TIMING_FACTOR).lostAfterMs + 120_000;
let wall: Awaited<ReturnType<typeof watchWall>> | null = null;

/** A wall hangs through each scenario: what the lab's own facts call broken it may call clear no longer than that. */
beforeEach(async () => {
  wall = await watchWall(access, lab.troubles, WALL_MAY_TAKE_MS, TIMING_FACTOR);
});
afterEach(async () => {
  const seenByWall = await wall?.stop();
  wall = null;
  expect(seenByWall?.falseGreens, "what the wall called clear that was broken").toEqual([]);
});

/** Waits until the wall tells of something in these words, and does not call the cluster clear. @throws with what it shows */
export async function wallTells(words: RegExp): Promise<void> {
  const shown = () => wall?.shows() ?? { is: "not clear", says: "no wall hangs", lines: [] };
  await lab
    .until(() => (shown().is === "not clear" && shown().lines.some((line) => words.test(line))) || null, "", PATIENCE_MS)
    .catch(() => Promise.reject(new Error(`The wall does not tell ${words}. It tells: ${[shown().says, ...shown().lines].join(" | ")}`)));
}
