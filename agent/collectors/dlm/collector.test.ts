// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { HostError, type RunResult } from "@/agent/host/host";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import { Dlm } from "@/agent/protocol/model/dlm";
import { dlm } from "./collector";
import { parseLockspaces, parseStatus } from "./parse";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const text = (name: string) => readFileSync(path.join(FIXTURES, `${name}.txt`), "utf8");

function orRefuse<V>(parse: (from: string) => V, from: string): V | null {
  try {
    return parse(from);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

const cases = [
  ...goldenCases(path.join(FIXTURES, "ls")).map((one) => ({ ...one, parse: (from: string): unknown => parseLockspaces(from) })),
  ...goldenCases(path.join(FIXTURES, "status")).map((one) => ({ ...one, parse: (from: string): unknown => parseStatus(from) })),
];

describe.each(cases)("$name", ({ text: whole, golden, parse }) => {
  test("becomes its golden value", () => {
    expect(parse(whole)).toEqual(golden);
  });

  test("cut anywhere it is refused, or every lockspace in it is whole", () => {
    for (const cut of cutsOf(whole)) {
      const value = orRefuse(parse, cut);
      if (value === null || cut === "") continue;
      expect(cut.endsWith("\n")).toBe(true);
      if (Array.isArray(value)) for (const space of value) expect(golden).toContainEqual(space);
    }
  });

  test("with Windows line ends it says the same; with any one line changed it is refused or read", () => {
    expect(parse(whole.replaceAll("\n", "\r\n"))).toEqual(golden);
    const lines = whole.split("\n");
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ unit: "grapheme", maxLength: 40 }), (at, other) => {
        orRefuse(parse, lines.with(at, other).join("\n"));
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

const LS = text("ls/dlm-4-two-lockspaces");
test.each<[string, (from: string) => unknown, string]>([
  ["another tool's words", parseLockspaces, "cluster nodeid 1\n"],
  ["a lockspace without a name", parseLockspaces, LS.replace(/name +lvm_vg0\n/, "")],
  ["two lockspaces in one", parseLockspaces, LS.replace("\n\n", "\n")],
  ["members that are no numbers", parseLockspaces, LS.replace("1 2 3", "1 two 3")],
  ["more lockspaces than the tool lists", parseLockspaces, `dlm lockspaces\n${"name          x\n\n".repeat(2_000)}`],
  ["a status without this node's number", parseStatus, "daemon now 1044 fence_pid 0\n"],
])("%s is refused", (_, parse, from) => {
  expect(() => parse(from)).toThrow(ParseError);
});

const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });
const tool = (ls: RunResult | (() => never), status = exit(0, text("status/dlm-4-three-members"))) => ({
  dlm_tool: (args: readonly string[]) => (args[0] === "status" ? status : typeof ls === "function" ? ls() : ls),
});
/** As fs/dlm/lockspace.c prints them. */
const space = (name: string, id: number) => ({
  [`/sys/kernel/dlm/${name}/id`]: `${id}\n`,
  [`/sys/kernel/dlm/${name}/nodir`]: "0\n",
  [`/sys/kernel/dlm/${name}/recover_status`]: "0\n",
  [`/sys/kernel/dlm/${name}/recover_nodeid`]: "0\n",
});
const files = { ...space("lvm_global", 0x12aabd2d), ...space("lvm_vg0", 0x45d1d4f1) };
const read = async (tree: MemoryTree) => Dlm.parse(await dlm.read(memoryHost(tree), null));

test("what the kernel and dlm_controld each say of a lockspace, together", async () => {
  const value = await read({ files, tools: tool(exit(0, LS)) });
  expect(value.lockspaces).toMatchObject([
    { name: "lvm_global", id: "0x12aabd2d", inKernel: true, inDaemon: true, members: [1, 2, 3], recoverStatus: "0", hasNoDirectory: false },
    { name: "lvm_vg0", id: "0x45d1d4f1", inKernel: true, inDaemon: true },
  ]);
  expect(value).toMatchObject({ daemon: { nodeId: 1, isQuorate: true }, unread: [] });
});

test("a member that is not fenced yet: the lockspace waits, in the tool's own words", async () => {
  const value = await read({ files: space("lvm_global", 0x12aabd2d), tools: tool(exit(0, text("ls/dlm-4-wait-fencing"))) });
  expect(value.lockspaces).toMatchObject([{ flags: ["kern_stop"], newStatus: "wait fencing", waitsFor: "fencing" }]);
});

test("no module: absent, whatever tools are installed; loaded without a lockspace: none, and that is known", async () => {
  expect(await dlm.read(memoryHost({ tools: tool(exit(0, LS)) }), null)).toBeNull();
  expect(await read({ folders: ["/sys/kernel/dlm"], tools: tool(exit(0)) })).toMatchObject({ lockspaces: [], unread: [] });
});

test("a lockspace that its daemon does not list is told from one whose daemon cannot be asked", async () => {
  expect((await read({ files, tools: tool(exit(0), exit(0)) })).lockspaces.map(({ inDaemon }) => inDaemon)).toEqual([false, false]);
  expect((await read({ files })).lockspaces.map(({ inDaemon }) => inDaemon)).toEqual([null, null]);
});

test("no dlm_controld runs, as the tools of dlm 4 say it: known, and its lockspaces are left in the kernel", async () => {
  const value = await read({ files, tools: tool(exit(1), exit(0, "cannot connect to dlm_controld\n")) });
  expect(value).toMatchObject({ daemon: null, unread: [] });
  expect(value.lockspaces.map(({ inKernel, inDaemon }) => [inKernel, inDaemon])).toEqual([
    [true, false],
    [true, false],
  ]);
});

test("members that still send each other messages wait for nothing", async () => {
  const messages = text("ls/dlm-4-wait-fencing").replace("wait fencing", "wait messages 1");
  const value = await read({ files: space("lvm_global", 0x12aabd2d), tools: tool(exit(0, messages)) });
  expect(value.lockspaces).toMatchObject([{ newStatus: "wait messages 1", waitsFor: null }]);
});

test("the fencing process is read also while the daemon has just begun", () => {
  expect(parseStatus(text("status/dlm-4-fencing").replace("fence_pid 16223 \n", "fence_pid 16223 fence_init\n"))?.fencePid).toBe(16223);
});

describe("what cannot be read", () => {
  test("the module's folder forbidden: the reading fails, it is not absent", async () => {
    await expect(read({ files, forbidden: ["/sys/kernel/dlm"] })).rejects.toBeInstanceOf(HostError);
  });

  test("a dlm_tool that hangs takes nothing from the kernel's word", async () => {
    const hangs = (): never => {
      throw new HostError("HOST_TIMEOUT", "dlm_tool did not answer within 3 s");
    };
    const value = await read({ files, tools: tool(hangs) });
    expect(value.lockspaces.map(({ name, inDaemon }) => [name, inDaemon])).toEqual([
      ["lvm_global", null],
      ["lvm_vg0", null],
    ]);
    expect(value.unread).toMatchObject([{ what: "dlm_tool ls", code: "COLLECT_TIMEOUT" }]);
  });

  test.each<[string, MemoryTree, object]>([
    ["dlm_tool in other words", { files, tools: tool(exit(0, "hello\n")) }, { what: "dlm_tool ls", code: "COLLECT_PARSE" }],
    ["dlm_tool fails", { files, tools: tool(exit(9, "", "bad option")) }, { what: "dlm_tool ls", code: "COLLECT_READ" }],
    [
      "one lockspace forbidden",
      { files, tools: tool(exit(0, LS)), forbidden: ["/sys/kernel/dlm/lvm_vg0"] },
      { what: "lockspace lvm_vg0 in sysfs", code: "COLLECT_FORBIDDEN" },
    ],
  ])("%s: unread, and the rest is delivered", async (_, tree, expected) => {
    const value = await read(tree);
    expect(value.lockspaces).toHaveLength(2);
    expect(value.unread).toMatchObject([expected]);
  });
});
