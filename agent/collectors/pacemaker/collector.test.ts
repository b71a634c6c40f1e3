// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { HostError, type RunResult } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { pacemakerCollector } from "./collector";

function text(name: string): string {
  return readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
}

const HEALTHY = text("crm-mon/pacemaker-2.1.5-healthy");
const OLD = text("crm-mon/pacemaker-1.1.12-handwritten");
const CIB = text("cib/pacemaker-2.1.5-healthy");
const EMPTY =
  '<pacemaker-result api-version="2.25" request="x"><pacemakerd state="running"/><status code="0" message="OK"/></pacemaker-result>\n';
const exit = (exitCode: number, stdout = ""): RunResult => ({ exitCode, stdout, stderr: "" });
const NOT_RUNNING = exit(
  102,
  '<pacemaker-result api-version="2.25" request="x"><status code="102" message="Not connected"/></pacemaker-result>\n',
);

describe("the ways to ask", () => {
  test("the fullest form and the CIB beside it", async () => {
    const host = memoryHost({ tools: { crm_mon: exit(0, HEALTHY), cibadmin: exit(0, CIB) } });
    const value = await pacemakerCollector().read(host, null);
    expect(value).toMatchObject({ source: "crm_mon --output-as=xml", featureSet: "3.16.1", configEpoch: { epoch: 6 }, unread: [] });
    expect(value?.constraints).toHaveLength(4);
    expect(host.asked).toEqual(["crm_mon -1 --output-as=xml --include=all --inactive --fence-history=3", "cibadmin -Q"]);
  });

  test("an unknown option drops to fewer, and the form that worked is remembered for an hour", async () => {
    const collector = pacemakerCollector();
    const crmMon = (args: readonly string[]) => (args.includes("--as-xml") ? exit(0, OLD) : exit(64));
    const host = memoryHost({ nowMs: 10_000_000, tools: { crm_mon: crmMon, cibadmin: exit(0, CIB) } });
    expect(await collector.read(host, null)).toMatchObject({ source: "crm_mon --as-xml", version: "1.1.12-561c4cf" });
    expect(host.asked.filter((asked) => asked.startsWith("crm_mon"))).toHaveLength(3);
    await collector.read(host, null);
    expect(host.asked.filter((asked) => asked.startsWith("crm_mon"))).toHaveLength(4);
    host.setNow(14_000_000);
    await collector.read(host, null);
    expect(host.asked.filter((asked) => asked.startsWith("crm_mon"))).toHaveLength(7);
  });

  test("a crm_mon without any XML: the CIB answers, and says so", async () => {
    const host = memoryHost({ tools: { crm_mon: exit(64), cibadmin: exit(0, CIB) } });
    expect(await pacemakerCollector().read(host, null)).toMatchObject({ source: "cibadmin -Q", dc: "node1", quorate: true });
  });

  test.each([
    ["refuse its schema", { crm_mon: exit(1, EMPTY), cibadmin: exit(78) }],
    ["are not installed", {}],
  ])("a recorded CIB (CIB_file) where Pacemaker's tools %s: the agent reads it itself, and says so", async (_, tools) => {
    const value = await pacemakerCollector().read(memoryHost({ namedCib: CIB, tools }), null);
    expect(value).toMatchObject({ source: "CIB_file", dc: "node1", quorate: true });
    expect(value?.nodes.every(({ online }) => online)).toBe(true);
    expect(value?.unread.map(({ what }) => what)).toContain("what Pacemaker's own tools would work out");
  });

  test("a recorded CIB that is none is a failure", async () => {
    const host = memoryHost({ namedCib: "<html/>\n", tools: { crm_mon: exit(1, EMPTY) } });
    await expect(pacemakerCollector().read(host, null)).rejects.toThrow("not a CIB");
  });

  test.each(["/var/lib/pacemaker/cib/cib.xml", "/var/lib/heartbeat/crm/cib.xml"])(
    "no tools but %s: the configuration without a status",
    async (file) => {
      const host = memoryHost({ files: { [file]: CIB.replace(/ {2}<status>[\s\S]*<\/status>\n/, "") } });
      const value = await pacemakerCollector().read(host, null);
      expect(value).toMatchObject({ source: "CIB on disk", quorate: null, dc: null });
      expect(value?.nodes.some(({ online }) => online)).toBe(false);
      expect(value?.unread.map(({ what }) => what)).toContain("status");
    },
  );

  test("no tool and no CIB: not on this node", async () => {
    expect(await pacemakerCollector().read(memoryHost(), null)).toBeNull();
  });
});

describe("failures", () => {
  test("Pacemaker does not run here: failed, saying what next, and the file is no substitute", async () => {
    const host = memoryHost({ tools: { crm_mon: NOT_RUNNING }, files: { "/var/lib/pacemaker/cib/cib.xml": CIB } });
    await expect(pacemakerCollector().read(host, null)).rejects.toMatchObject({
      code: "HOST_READ",
      message: expect.stringContaining("systemctl status pacemaker"),
    });
  });

  test.each([
    ["crm_mon may not ask", { crm_mon: exit(4) }],
    ["crm_mon shows no nodes and cibadmin may not ask: an ACL without a role", { crm_mon: exit(0, EMPTY), cibadmin: exit(4) }],
    ["crm_mon shows no nodes and there is no cibadmin", { crm_mon: exit(0, EMPTY) }],
  ])("%s: forbidden", async (_name, tools) => {
    await expect(pacemakerCollector().read(memoryHost({ tools }), null)).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
  });

  test("a crm_mon that answers in words we do not understand is a failure, whatever lies on the disk", async () => {
    const host = memoryHost({ tools: { crm_mon: exit(0, "Cluster Summary:\n") }, files: { "/var/lib/pacemaker/cib/cib.xml": CIB } });
    await expect(pacemakerCollector().read(host, null)).rejects.toMatchObject({ name: "ParseError" });
  });

  test("the CIB may not be read: the snapshot stands, with its bans and the gap", async () => {
    const host = memoryHost({ tools: { crm_mon: exit(0, HEALTHY), cibadmin: exit(4) } });
    const value = await pacemakerCollector().read(host, null);
    expect(value?.constraints.map(({ id }) => id)).toEqual(["loc-drbd3"]);
    expect(value?.configEpoch).toBeNull();
    expect(value?.unread).toEqual([expect.objectContaining({ what: "constraints", code: "COLLECT_FORBIDDEN" })]);
  });
});

describe("cibadmin only when the configuration moves", () => {
  test("a change of status costs none, a change of configuration one", async () => {
    let snapshot = HEALTHY;
    const host = memoryHost({ nowMs: 100_000, tools: { crm_mon: () => exit(0, snapshot), cibadmin: exit(0, CIB) } });
    const collector = pacemakerCollector();
    const queries = () => host.asked.filter((asked) => asked === "cibadmin -Q").length;
    await collector.read(host, null);
    host.setNow(103_000); // the mark is older than the second it is printed in: this reading is certain
    await collector.read(host, null);
    const settled = queries();
    snapshot = HEALTHY.replace('role="Promoted"', 'role="Demoting"');
    host.setNow(104_000);
    const value = await collector.read(host, null);
    expect(value?.resources.map(({ role }) => role)).toContain("Demoting");
    expect(value?.constraints).toHaveLength(4);
    expect(queries()).toBe(settled);
    snapshot = HEALTHY.replace(/<last_change time="[^"]*"/, '<last_change time="Fri Nov 20 12:00:00 2026"');
    await collector.read(host, null);
    expect(queries()).toBe(settled + 1);
    host.setNow(140_000);
    await collector.read(host, null);
    expect(queries()).toBe(settled + 2);
  });
});

describe("pace and doorbell", () => {
  test("every word rings, and the pace is slow, once crm_mon is known to have the bell", async () => {
    const collector = pacemakerCollector();
    const host = memoryHost({ tools: { crm_mon: exit(0, HEALTHY), cibadmin: exit(0, CIB) } });
    const stop = new AbortController();
    let rung = 0;
    collector.doorbells?.(host).ring(() => {
      rung += 1;
    }, stop.signal);
    expect(host.followers("stdbuf")).toBe(0);
    const value = await collector.read(host, null);
    expect(host.followers("stdbuf")).toBe(1);
    for (const word of [".", "Reconnecting...", "."]) host.say("stdbuf", word);
    expect(rung).toBe(3);
    expect(value === null ? null : collector.paceMs?.(value)).toBe(30_000);
    stop.abort();
    expect(host.followers("stdbuf")).toBe(0);
  });

  test("a crm_mon without the bell is polled, and never left running in a loop", async () => {
    const collector = pacemakerCollector();
    const host = memoryHost({ tools: { crm_mon: exit(0, OLD), cibadmin: exit(0, CIB) } });
    collector.doorbells?.(host).ring(() => undefined, new AbortController().signal);
    const value = await collector.read(host, null);
    expect(host.followers("stdbuf")).toBe(0);
    expect(value === null ? null : collector.paceMs?.(value)).toBe(5_000);
  });

  test("a failed reading is tried again at the pace of polling: nothing rings when Pacemaker comes back", async () => {
    const collector = pacemakerCollector();
    const host = memoryHost({ tools: { crm_mon: exit(102, ""), cibadmin: exit(102, "") } });
    collector.doorbells?.(host).ring(() => undefined, new AbortController().signal);
    await expect(collector.read(host, null)).rejects.toBeInstanceOf(HostError);
    expect(host.followers("stdbuf")).toBe(0);
    expect(collector.everyMs).toBe(5_000);
  });

  test("in a tree the bell is trusted only after it was heard", async () => {
    const collector = pacemakerCollector();
    const host = memoryHost({ isReal: false, tools: { crm_mon: exit(0, HEALTHY), cibadmin: exit(0, CIB) } });
    collector.doorbells?.(host).ring(() => undefined, new AbortController().signal);
    const value = await collector.read(host, null);
    if (value === null) throw new Error("no value");
    expect(collector.paceMs?.(value)).toBe(5_000);
    host.say("stdbuf", ".");
    expect(collector.paceMs?.(value)).toBe(30_000);
  });
});

test("a mere status update of the CIB is no change of the cluster", async () => {
  const collector = pacemakerCollector();
  const read = async (cib: string) => {
    const value = await pacemakerCollector().read(memoryHost({ tools: { crm_mon: exit(0, HEALTHY), cibadmin: exit(0, cib) } }), null);
    if (value === null) throw new Error("no value");
    return collector.steady?.(value);
  };
  expect(await read(CIB.replace('num_updates="87"', 'num_updates="88"'))).toEqual(await read(CIB));
  expect(await read(CIB.replace('epoch="6"', 'epoch="7"'))).not.toEqual(await read(CIB));
});
