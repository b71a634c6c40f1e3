// SPDX-License-Identifier: Apache-2.0
// The mirror's other copy is half written, and somebody wants to take the good one away.
import { expect, test } from "vitest";
import { CommandPreview } from "@/agent/protocol/console/commands";
import { ErrorBody } from "@/agent/protocol/errors";
import type { Client, SeenView } from "@/lab/cluster/api";
import { confirm, operate } from "@/lab/orders";
import type { MachineName } from "../layout";
import { as, lab, seen, wallTells } from "./lab";

const MIRROR = "mirror:store/0";
const LONG_MS = 600_000;
const HALF_WRITTEN = "one copy of store is half written";
/** Writes a block every quarter of a second, past every cache, and keeps when each was on the disk. */
const WRITING = `disk=$(ls /dev/disk/by-path/*lun-1 | head -n 1)
while :; do
  if dd if=/dev/zero of="$disk" bs=4k count=1 oflag=direct conv=notrunc 2>/dev/null; then echo "ok $(date +%s)"; else echo "failed $(date +%s)"; fi
  sleep 0.25
done`;

const homeIn = (view: SeenView): MachineName | null => {
  const node = view.get("mirror", MIRROR)?.copies.find(({ role }) => role === "Primary")?.node;
  return node === "alice" || node === "bob" ? node : null;
};
const rate = (mibPerSecond: number) => `drbdsetup disk-options 0 --c-plan-ahead=0 --resync-rate=${mibPerSecond}M`;

async function objections(client: Client, node: string): Promise<string> {
  const { status, body } = await client.askCluster("POST", "/previews", { verb: "node.standby", args: { node } });
  if (status !== 201) return ErrorBody.parse(body).error.message;
  const made = CommandPreview.parse(body);
  expect(await confirm(client, made, { reason: "a test of what is refused" })).toMatchObject({ did: "refused" });
  return made.findings.flatMap(({ level, message }) => (level === "block" ? [message] : [])).join(" ");
}

async function writes(): Promise<{ ok: number; failed: number }> {
  const text = await lab.must("carol", "cat /run/lab-writes");
  return { ok: text.match(/^ok/gm)?.length ?? 0, failed: text.match(/^failed/gm)?.length ?? 0 };
}

test("standby of the node with the only good copy: blocked with percent and ETA, done once in sync, and the client's I/O goes on", async () => {
  const operator = await as("operator");
  const home = await seen(operator, "where the mirror is Primary", homeIn);
  const copy: MachineName = home === "alice" ? "bob" : "alice";
  await lab.must(
    "carol",
    `cat >/run/lab-write.sh <<'X'\n${WRITING}\nX\nsetsid bash /run/lab-write.sh >/run/lab-writes 2>&1 & echo $! >/run/lab-writer`,
  );
  try {
    for (const node of [home, copy]) await lab.must(node, rate(1));
    await lab.must(copy, "drbdadm invalidate store");
    await lab.isBroken(HALF_WRITTEN);
    await seen(operator, "the resync", (view) => {
      const [pair] = view.get("mirror", MIRROR)?.pairs ?? [];
      return pair?.progress?.kind === "resync" && pair.progress.etaSeconds !== null && pair.towards === copy ? true : null;
    });
    await wallTells(new RegExp(`only ${home} holds store`, "i"));
    const said = await objections(operator, home);
    expect(said).toContain(copy);
    expect(said).toMatch(/\d ?%/);
    expect(said).toMatch(/\d+ (s|min|h)\b/);

    await lab.isMended(HALF_WRITTEN);
    for (const node of [home, copy]) await lab.must(node, rate(64));
    await seen(operator, "the mirror in sync", (view) => (view.get("mirror", MIRROR)?.said.word === "in sync" ? true : null), LONG_MS);
    const before = await writes();
    const { run } = await operate(operator, "node.standby", { node: home }, { reason: "a test of the lab", withinMs: LONG_MS });
    expect(`${run.outcome}: ${run.says}`).toMatch(/^done: /);
    await seen(operator, `the group on ${copy}`, (view) => {
      const [place] = view.get("resource", "rsc:p_lun")?.places ?? [];
      return (place?.node === copy && place.role === "Started" && homeIn(view) === copy) || null;
    });
    await lab.until(async () => ((await writes()).ok > before.ok + 8 ? true : null), "The client's writes do not go on", LONG_MS);
    expect((await writes()).failed).toBe(0);
  } finally {
    await lab.isMended(HALF_WRITTEN);
    await lab.run("carol", "kill -- -$(cat /run/lab-writer)");
    // As configured. Where the cluster has stopped the mirror there is nothing to set: drbdadm would bring it up behind its back.
    for (const node of [home, copy]) await lab.run(node, rate(8));
  }
  const { run } = await operate(operator, "node.unstandby", { node: home }, { withinMs: LONG_MS });
  expect(`${run.outcome}: ${run.says}`).toMatch(/^done: /);
  await seen(operator, "the mirror in sync again", (view) => (view.get("mirror", MIRROR)?.said.word === "in sync" ? true : null), LONG_MS);
});
