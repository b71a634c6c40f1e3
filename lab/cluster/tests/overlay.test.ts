// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { placeOf } from "./oracle";

test("the mirror's roles follow what Pacemaker promotes, and a copy's disk is as the test writes it", async () => {
  const viewer = await as("viewer");
  const primary = await placeOf("p_drbd", "jade");
  const other = primary === "ruby" ? "crystal" : "ruby";
  const mirror = (await viewer.view()).get("mirror", "mirror:store/0");
  expect(mirror?.copies.map(({ node, role }) => `${node} ${role}`).sort()).toEqual([`${primary} Primary`, `${other} Secondary`].sort());

  await lab.setDisk(other, "Inconsistent");
  await seen(viewer, `${primary} as the only good copy`, (view) => view.get("mirror", "mirror:store/0")?.onlyHolder === primary || null);
});
