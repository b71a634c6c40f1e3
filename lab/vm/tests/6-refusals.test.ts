// SPDX-License-Identifier: Apache-2.0
// Every refusal that DRBD 8.4 has for a verify and a role, met for real; the console says each beforehand.
import { afterAll, beforeAll, expect, test } from "vitest";
import { CommandPreview } from "@/agent/protocol/console/commands";
import { ErrorBody } from "@/agent/protocol/errors";
import type { Client } from "@/lab/cluster/api";
import type { MachineName } from "../layout";
import { as, lab, seen, wallTells } from "./lab";

const MIRROR = "mirror:spare/0";
const NODES = ["alice", "bob"] as const;
let operator: Client;
beforeAll(async () => {
  operator = await as("operator");
});

/** What drbdadm says, with its exit code before it. */
async function drbd(node: MachineName, command: string): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.run(node, command);
  return `${exitCode}: ${stdout}${stderr}`;
}

/** `verify-alg` of the spare mirror in the configuration of both nodes; empty: none, as it was. */
async function setAlgorithm(name: string): Promise<string> {
  const line = name === "" ? "" : `net { verify-alg ${name}; }`;
  const said = [];
  for (const node of NODES) {
    await lab.must(node, `cp /lab/etc/drbd.d/spare.res /etc/drbd.d/ && sed -i 's/meta-disk internal;/& ${line}/' /etc/drbd.d/spare.res`);
    said.push(await drbd(node, "drbdadm adjust spare"));
  }
  return said[0] ?? "";
}

/** Waits until the console blocks a verify of the spare mirror for this reason; what it says of it. */
function blockedBy(guard: string): Promise<string> {
  return lab.until(
    async () => {
      const { status, body } = await operator.askCluster("POST", "/previews", {
        verb: "drbd.verify",
        args: { resource: "spare", volume: 0 },
      });
      if (status !== 201) throw new Error(ErrorBody.parse(body).error.message);
      const block = CommandPreview.parse(body).findings.find((finding) => finding.guard === guard && finding.level === "block");
      return block?.message ?? null;
    },
    `The console does not block it for ${guard}`,
    240_000,
  );
}

const inSync = () => seen(operator, "spare in sync", (view) => (view.get("mirror", MIRROR)?.said.word === "in sync" ? true : null));
const slow = (mib: number) =>
  Promise.all(NODES.map((node) => lab.must(node, `drbdsetup disk-options 1 --c-plan-ahead=0 --resync-rate=${mib}M`)));

afterAll(async () => {
  for (const node of NODES)
    await lab.run(node, "drbdadm secondary spare; drbdadm attach spare; drbdadm connect spare; drbdadm adjust spare");
  await setAlgorithm("");
  await inSync();
});

test("no verify-alg", async () => {
  expect(await blockedBy("verify-alg-is-set")).toContain("net { verify-alg crc32c; }");
  expect(await drbd("alice", "drbdadm verify spare")).toMatch(/^11: .*\(-14\)/);
});

test("a digest that the kernel does not have", async () => {
  expect(await setAlgorithm("nosuch")).toMatch(/^1: [\s\S]*\(146\) VERIFYAlgNotAvail/);
  // The kernel has none, whatever the file says: that is what the console goes by.
  expect(await blockedBy("verify-alg-is-set")).toContain("No verify-alg is set for spare");
  expect(await setAlgorithm("crc32c")).toMatch(/^0: /);
});

test("a resource that is not there", async () => {
  expect(await drbd("alice", "drbdadm verify nosuch")).toMatch(/^1: /);
  const { status, body } = await operator.askCluster("POST", "/previews", { verb: "drbd.verify", args: { resource: "nosuch", volume: 0 } });
  const findings = status === 201 ? CommandPreview.parse(body).findings : [];
  expect(status !== 201 || findings.some(({ guard, level }) => guard === "mirror-is-known" && level === "block")).toBe(true);
});

test("a verify while one runs", async () => {
  await slow(1);
  await lab.must("alice", "drbdadm verify spare");
  expect(await drbd("bob", "drbdadm verify spare")).toMatch(/^11: .*\(-8\)/);
  expect(await blockedBy("mirror-is-at-rest")).toMatch(/verify runs/);
  await slow(64);
  await inSync();
});

test("a second Primary, and a Primary that is in use made Secondary", async () => {
  await lab.must("alice", "drbdadm primary spare");
  expect(await drbd("bob", "drbdadm primary spare")).toMatch(/^11: .*\(-1\)/);
  expect(await drbd("alice", "exec 9</dev/drbd1; drbdadm secondary spare")).toMatch(/^11: .*\(-12\)/);
  await lab.must("alice", "drbdadm secondary spare");
});

test("a verify without its peer, and a Primary on an outdated copy", async () => {
  await lab.must("bob", "drbdadm disconnect spare && drbdadm outdate spare");
  await lab.isBroken("spare is not connected");
  expect(await drbd("alice", "drbdadm verify spare")).toMatch(/^11: .*\(-15\)/);
  expect(await blockedBy("verify-ends-are-connected")).toMatch(/not connected between alice and bob/);
  expect(await drbd("bob", "drbdadm primary spare")).toMatch(/^17: .*\(-2\)/);
  await wallTells(/(holds|replicate) spare/);
  await lab.isMended("spare is not connected");
  await lab.must("bob", "drbdadm connect spare");
  await inSync();
});

test("a verify with a Diskless peer: DRBD says nothing and does nothing, the console refuses it in words", async () => {
  await lab.must("bob", "drbdadm detach spare");
  await lab.isBroken("bob has no disk under spare");
  expect(await blockedBy("copies-have-disks")).toMatch(/bob is Diskless/);
  expect(await drbd("alice", "drbdadm verify spare")).toMatch(/^0: \s*$/);
  expect(await lab.must("alice", "grep ' 1:' /proc/drbd")).toMatch(/cs:Connected .*Diskless/);
  await wallTells(/holds spare|no disk under spare/);
  await lab.isMended("bob has no disk under spare");
  await lab.must("bob", "drbdadm attach spare");
  await inSync();
});
