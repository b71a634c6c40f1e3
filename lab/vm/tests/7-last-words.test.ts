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
  // A guest's root has no journal: what the tests before wrote there must be on its disk when the plug is pulled.
  await lab.must(victim, "sync");
  try {
    // The last that its kernel has to say: a cable went. The plug is pulled as soon as the kernel has said it.
    await lab.cut("p4");
    const last = await lab.until(async () => {
      const line = (await lab.run(victim, "dmesg | grep -F '(slave p4)' | tail -n 1")).stdout.trim();
      return line.includes("link status definitely down") ? line : null;
    }, `${victim}'s kernel does not say that the cable is gone`);
    await lab.kill(victim);
    await seen(viewer, `${victim} gone`, (view) => (view.get("node", `node:${victim}`)?.link === "lost" ? true : null));
    const kernel = (await viewer.view()).get("kernel", `kernel:${victim}`);
    const words = last.replace(/^\[[^\]]*\] /, "");
    expect(kernel?.lines.map(({ text }) => text)).toContain(words);
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
