// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { temporaryDatabase } from "./temporary-database";

it("how far clusters were watched: each moves on by itself, and none named writes nothing", async () => {
  const { db, remove } = await temporaryDatabase();
  await db.history.watched([], 1_000);
  await db.history.watched(["north", "san-a"], 2_000.4);
  await db.history.watched(["san-a"], 3_000);
  expect(await db.history.watches()).toEqual(
    new Map([
      ["north", 2_000],
      ["san-a", 3_000],
    ]),
  );
  await remove();
});
