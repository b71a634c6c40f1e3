// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { HostError } from "@/agent/host/host";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import { Ocfs2, type Ocfs2Cluster } from "@/agent/protocol/model/ocfs2";
import { ocfs2 } from "./collector";
import { parseClusterConf } from "./parse-conf";

const FIXTURES = path.join(import.meta.dirname, "fixtures");
const CONF = readFileSync(path.join(FIXTURES, "two-nodes-local-heartbeat.txt"), "utf8");

function parseOrRefuse(text: string): Ocfs2Cluster[] | null {
  try {
    return parseClusterConf(text);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

describe.each(goldenCases(FIXTURES))("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(parseClusterConf(text)).toEqual(golden);
  });

  test("cut anywhere it is refused, or names no node that the whole does not name", () => {
    const names = parseClusterConf(text).flatMap(({ nodes }) => nodes.map(({ name }) => name));
    for (const cut of cutsOf(text)) {
      for (const { nodes } of parseOrRefuse(cut) ?? []) for (const { name } of nodes) expect(names).toContain(name);
      if (cut !== "" && !cut.endsWith("\n")) expect(parseOrRefuse(cut)).toBeNull();
    }
  });

  test("with Windows line ends it says the same; with any one line changed it is refused or read", () => {
    expect(parseClusterConf(text.replaceAll("\n", "\r\n"))).toEqual(golden);
    const lines = text.split("\n");
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.string({ unit: "grapheme", maxLength: 40 }), (at, other) => {
        parseOrRefuse(lines.with(at, other).join("\n"));
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});

test.each([
  ["a setting of no section", "\tname = web\n"],
  ["a node of no cluster", CONF.replace("cluster = vmstore", "cluster = other")],
  ["a node without a name", CONF.replace("\tname = hv05\n", "")],
  ["a cluster without a name", "cluster:\n\tnode_count = 1\n"],
  ["more sections than any cluster has", "node:\n".repeat(5_000)],
])("%s is refused", (_, text) => {
  expect(() => parseClusterConf(text)).toThrow(ParseError);
});

/** As fs/ocfs2/stackglue.c and fs/ocfs2/cluster print them. */
const HEARTBEAT = "/sys/kernel/config/cluster/vmstore/heartbeat";
const nodeFiles = (name: string, number: number, local: number) => {
  const folder = `/sys/kernel/config/cluster/vmstore/node/${name}`;
  return {
    [`${folder}/num`]: `${number}\n`,
    [`${folder}/ipv4_address`]: `10.30.9.${5 + number}\n`,
    [`${folder}/ipv4_port`]: "7777\n",
    [`${folder}/local`]: `${local}\n`,
  };
};
const sysfs = {
  "/sys/fs/ocfs2/cluster_stack": "o2cb\n",
  "/sys/fs/ocfs2/loaded_cluster_plugins": "o2cb\nuser\n",
  "/sys/fs/ocfs2/active_cluster_plugin": "o2cb\n",
  "/sys/fs/ocfs2/max_locking_protocol": "1.0\n",
};
const files = {
  ...sysfs,
  "/etc/ocfs2/cluster.conf": CONF,
  ...nodeFiles("hv05", 0, 1),
  ...nodeFiles("hv06", 1, 0),
  [`${HEARTBEAT}/mode`]: "local\n",
  [`${HEARTBEAT}/dead_threshold`]: "31\n",
  [`${HEARTBEAT}/77D95EF51C0149D2823674FCC162CF8B/dev`]: "sdb1\n",
};
const read = async (tree: MemoryTree) => Ocfs2.parse(await ocfs2.read(memoryHost(tree), null));

test("stack, plugins, and the cluster as it runs beside the one that is configured", async () => {
  const value = await read({ files });
  expect(value).toMatchObject({
    isLoaded: true,
    stack: "o2cb",
    loadedPlugins: ["o2cb", "user"],
    activePlugin: "o2cb",
    lockingProtocol: "1.0",
    running: [{ name: "vmstore", deadThreshold: 31, localNode: "hv05", regions: ["77D95EF51C0149D2823674FCC162CF8B"] }],
    unread: [],
  });
  expect(value.running?.[0]?.nodes).toEqual(value.configured?.[0]?.nodes);
});

test("Pacemaker's stack: no o2cb cluster, and that is known", async () => {
  expect(await read({ files: { ...sysfs, "/sys/fs/ocfs2/cluster_stack": "pcmk\n" } })).toMatchObject({
    stack: "pcmk",
    running: null,
    configured: null,
  });
});

test("files that are empty until something is mounted say nothing", async () => {
  const empty = Object.fromEntries(Object.keys(sysfs).map((file) => [file, ""]));
  expect(await read({ files: empty })).toMatchObject({ stack: null, loadedPlugins: [], activePlugin: null, lockingProtocol: null });
});

test("neither the module nor a configuration: absent; a configuration alone: there, and not loaded", async () => {
  expect(await ocfs2.read(memoryHost(), null)).toBeNull();
  expect(await read({ files: { "/etc/ocfs2/cluster.conf": CONF } })).toMatchObject({ isLoaded: false, stack: null, running: null });
});

describe("what cannot be read", () => {
  test("the module's folder forbidden: the reading fails, it is not absent", async () => {
    await expect(read({ files, forbidden: ["/sys/fs/ocfs2"] })).rejects.toBeInstanceOf(HostError);
  });

  test.each<[string, MemoryTree, object]>([
    ["cluster.conf forbidden", { files, forbidden: ["/etc/ocfs2/cluster.conf"] }, { what: "cluster.conf", code: "COLLECT_FORBIDDEN" }],
    [
      "cluster.conf in other words",
      { files: { ...files, "/etc/ocfs2/cluster.conf": "<xml>\n" } },
      { what: "cluster.conf", code: "COLLECT_PARSE" },
    ],
    [
      "configfs hung",
      { files, broken: { [`${HEARTBEAT}/mode`]: "HOST_TIMEOUT" } },
      { what: "running o2cb cluster", code: "COLLECT_TIMEOUT" },
    ],
    [
      "the stack unreadable",
      { files, broken: { "/sys/fs/ocfs2/cluster_stack": "HOST_READ" } },
      { what: "cluster_stack", code: "COLLECT_READ" },
    ],
  ])("%s: that part is unread, the rest is delivered", async (_, tree, expected) => {
    expect(await read(tree)).toMatchObject({ isLoaded: true, activePlugin: "o2cb", unread: [expected] });
  });
});
