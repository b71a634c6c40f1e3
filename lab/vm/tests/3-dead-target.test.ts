// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen, wallTells } from "./lab";

const DEVICE = "aoe:carol/e0.0";
/** Reads only: the two targets are not mirrored, and nothing may ever be written to them. */
const READING = "while :; do dd if=/dev/etherd/e0.0 of=/dev/null bs=64k count=64 iflag=direct; sleep 0.2; done";

test("one of two AoE targets killed under I/O: the console names it, while aoe-stat says up", async () => {
  const viewer = await as("viewer");
  await seen(viewer, "both targets", (view) => {
    const { said, talksTo } = view.get("aoe", DEVICE) ?? { said: null, talksTo: [] };
    return (said?.level === "ok" && talksTo.length === 2) || null;
  });
  await lab.must("carol", `setsid bash -c '${READING}' >/dev/null 2>&1 & echo $! >/run/lab-reader`);
  try {
    await lab.must("alice", "killall vblade");
    await lab.isBroken("a target of e0.0 is dead");
    const dead = await seen(viewer, "the dead target", (view) => {
      const device = view.get("aoe", DEVICE);
      return device?.talksTo.some(({ node, said }) => node === "alice" && said.level === "bad") ? device : null;
    });
    expect(await lab.must("carol", "aoe-stat")).toMatch(/e0\.0 .* up\s*$/m);
    expect(dead.said.level).toBe("risk");
    expect(dead.talksTo.find(({ node }) => node === "bob")?.said.level).toBe("ok");
    const finding = await seen(viewer, "a finding of it", (view) => view.get("finding", "finding:aoe-path:carol/e0.0"));
    expect(`${finding.title}: ${finding.why}`).toContain("alice");
    await wallTells(/^carol: e0\.0 /);
  } finally {
    await lab.isMended("a target of e0.0 is dead");
    await lab.must("carol", "kill -- -$(cat /run/lab-reader)");
    await lab.must("alice", "setsid vblade -s 0 0 lan /dev/vdd >/run/lab-vblade.log 2>&1 &");
    await lab.must("carol", "aoe-discover");
  }
  await seen(viewer, "both targets again", (view) => (view.get("aoe", DEVICE)?.said.level === "ok" ? true : null));
});
