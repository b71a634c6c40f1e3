// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen, wallTells } from "./lab";

test("a leaf cable of the bond of bonds pulled: the outer bond's own file says all is well, the console says degraded and names it", async () => {
  const viewer = await as("viewer");
  await lab.cut("p1");
  try {
    for (const node of ["alice", "bob"] as const) {
      await seen(viewer, `the cable of ${node}`, (view) => (view.get("bond", `bond:${node}/rep`)?.portsUp === 3 ? true : null));
      expect(await lab.must(node, "cat /proc/net/bonding/rep")).not.toContain("MII Status: down");
      expect(await lab.must(node, "cat /proc/net/bonding/rep1")).toMatch(/Slave Interface: p1\nMII Status: down/);
      const view = await viewer.view();
      expect(view.get("bond", `bond:${node}/rep`)).toMatchObject({ said: { level: "risk", word: "3 of 4 ports" } });
      expect(view.get("bond", `bond:${node}/rep`)?.kernelSays).toMatch(/up/);
      const finding = view.get("finding", `finding:bond-ports:${node}/rep`);
      expect(`${finding?.title}: ${finding?.why}`).toMatch(/rep has 3 of 4 ports: .*\bp1\b/);
      await wallTells(new RegExp(`^${node}: rep has 3 of 4 ports`));
    }
  } finally {
    await lab.mend("p1");
  }
  for (const node of ["alice", "bob"])
    await seen(viewer, `all cables of ${node}`, (view) => (view.get("bond", `bond:${node}/rep`)?.said.level === "ok" ? true : null));
});
