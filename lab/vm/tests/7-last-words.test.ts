// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { SeenView } from "@/lab/cluster/api";
import type { MachineName } from "../layout";
import { as, lab, seen, wallTells } from "./lab";

const LONG_MS = 600_000;
const secondary = (view: SeenView): MachineName | null => {
  const node = view.get("mirror", "mirror:store/0")?.copies.find(({ role }) => role === "Secondary")?.node;
  return node === "alice" || node === "bob" ? node : null;
};

test("a node killed: its last kernel lines are on the console", async () => {
  const viewer = await as("viewer");
  const victim = await seen(viewer, "who is Secondary", secondary);
  try {
    // The last that its kernel has to say: a cable went. What it says is on the agent's own disk before it is sent, which takes an emulated one a while.
    await lab.cut("p4");
    const last = await lab.until(async () => {
      const line = (await lab.run(victim, "dmesg | grep -F '(slave p4)' | tail -n 1")).stdout.trim();
      return line.includes("link status definitely down") ? line : null;
    }, `${victim}'s kernel does not say that the cable is gone`);
    const words = last.replace(/^\[[^\]]*\] /, "");
    const linesOf = (view: SeenView) => view.get("kernel", `kernel:${victim}`)?.lines.map(({ text }) => text) ?? [];
    await seen(viewer, `what ${victim}'s kernel said`, (view) => linesOf(view).includes(words) || null);
    await lab.kill(victim);
    await seen(viewer, `${victim} gone`, (view) => (view.get("node", `node:${victim}`)?.link === "lost" ? true : null));
    expect(linesOf(await viewer.view())).toContain(words);
    await wallTells(new RegExp(`${victim} is (offline|unclean)|no word from ${victim}|no quorum`, "i"));
  } finally {
    await lab.mend("p4");
    await lab.boot(victim);
  }
  await seen(
    viewer,
    `${victim} online again`,
    (view) => {
      const node = view.get("node", `node:${victim}`);
      return (node?.link === "live" && node.state.word === "online") || null;
    },
    LONG_MS,
  );
  await seen(
    viewer,
    "the mirror in sync again",
    (view) => (view.get("mirror", "mirror:store/0")?.said.word === "in sync" ? true : null),
    LONG_MS,
  );
});
