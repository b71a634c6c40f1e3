// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { momentOf, recordedTrees } from "./recorded-trees";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "recorded-trees-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(place: string, text: string): string {
  const file = path.join(folder, "in", place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const scratch = (name: string) => {
  const made = path.join(folder, "scratch", name);
  mkdirSync(made, { recursive: true });
  return made;
};
const trees = (place: string, node: string | null = null, mayRunTools = false) => recordedTrees(place, scratch, { node, mayRunTools });
const DRBD = "version: 8.4.11 (api:1/proto:86-101)\n";

describe("one file is known by its content", () => {
  test("a /proc/drbd, its last line's end lost in a paste", () => {
    const [tree] = trees(write("paste.log", DRBD.trimEnd()), "ruby");
    expect(tree).toMatchObject({ node: "ruby", bin: null, cibFile: null, sources: ["drbd"] });
    expect(readFileSync(path.join(tree?.root ?? "", "proc/drbd"), "utf8")).toBe(DRBD);
  });

  test.each([
    ["proc_net_bonding_idmz", "idmz"],
    ["bond3.txt", "bond3"],
    ["a paste of mine.txt", "bond0"],
  ])("a bond named by its file: %s is %s", (file, name) => {
    const [tree] = trees(write(file, "Ethernet Channel Bonding Driver: v5\n\nBonding Mode: load balancing (xor)\n"));
    expect(tree).toMatchObject({ node: "unnamed", sources: ["bonding"] });
    expect(existsSync(path.join(tree?.root ?? "", "proc/net/bonding", name))).toBe(true);
  });

  test("a CIB, whatever stands before it: its node is for the cluster to tell", () => {
    const file = write("x", '<?xml version="1.0"?>\n<!-- <crm_mon> -->\n<cib epoch="1"></cib>\n');
    expect(trees(file)).toMatchObject([{ node: null, cibFile: file, sources: ["pacemaker"] }]);
  });

  test("crm_mon's XML: a crm_mon that says nothing else", () => {
    const [tree] = trees(write("mon", '<pacemaker-result api-version="2.25"/>\n'));
    expect(tree).toMatchObject({ node: null, cibFile: null, sources: ["pacemaker"] });
    expect(readFileSync(path.join(tree?.bin ?? "", "recorded.xml"), "utf8")).toContain("pacemaker-result");
  });

  test("anything else is refused, with what can be opened", () => {
    expect(() => trees(write("passwd", "root:x:0:0\n"))).toThrow(/can be opened/);
    expect(() => trees(write("page.html", "<html></html>\n"))).toThrow(/can be opened/);
    expect(() => trees(path.join(folder, "nowhere"))).toThrow(/not there/);
  });
});

describe("a folder", () => {
  test("with proc/ is one node's tree, named by itself before its folder", () => {
    write("ruby/proc/drbd", DRBD);
    const place = path.join(folder, "in/ruby");
    expect(trees(place)).toMatchObject([{ node: "ruby", root: place, bin: null, sources: null }]);
    write("ruby/etc/hostname", "crystal\n");
    expect(trees(place)).toMatchObject([{ node: "crystal" }]);
    expect(trees(place, "jade")).toMatchObject([{ node: "jade" }]);
  });

  test("with a folder per node is a cluster; what else lies there is passed over", () => {
    write("ruby/proc/drbd", DRBD);
    write("crystal/sys/block/x", "\n");
    write("notes/readme.txt", "x\n");
    const place = path.join(folder, "in");
    expect(trees(place).map(({ node }) => node)).toEqual(["crystal", "ruby"]);
  });

  test("of a captured node becomes a tree, with the tools as they were captured", () => {
    write("alice/_commands.txt", "$ cat /proc/drbd > proc_drbd\nrc=0\n");
    write("alice/proc_drbd", DRBD);
    const [tree] = trees(path.join(folder, "in"));
    expect(tree).toMatchObject({ node: "alice", sources: null });
    expect(readFileSync(path.join(tree?.root ?? "", "proc/drbd"), "utf8")).toBe(DRBD);
  });

  test("with cib.xml or crm_mon.xml is a cluster's state; crm_mon's own word comes first", () => {
    write("cib.xml", "<cib/>\n");
    const place = path.join(folder, "in");
    expect(trees(place)).toMatchObject([{ bin: null, cibFile: path.join(place, "cib.xml") }]);
    write("crm_mon.xml", "<crm_mon/>\n");
    expect(trees(place)).toMatchObject([{ bin: expect.any(String), cibFile: path.join(place, "cib.xml") }]);
  });

  test("never brings programs with it unless its opener says so", () => {
    write("ruby/proc/drbd", DRBD);
    write("ruby.bin/drbdsetup", "#!/bin/sh\nexit 1\n");
    const place = path.join(folder, "in/ruby");
    expect(trees(place)).toMatchObject([{ bin: null }]);
    expect(trees(place, null, true)).toMatchObject([{ bin: `${place}.bin` }]);
  });

  test("with nothing to open is refused", () => {
    write("notes/readme.txt", "x\n");
    expect(() => trees(path.join(folder, "in"))).toThrow(/nothing that can be opened/);
  });
});

describe("the moment", () => {
  test.each([
    ["_time", "2026-11-20T11:18:13.456789012Z\n6.1.0\n", "2026-11-20T11:18:13.456Z"],
    ["crm_mon.xml", '<crm_mon><summary><last_update time="2026-11-20 12:18:13 +01:00"/></summary></crm_mon>', "2026-11-20T11:18:13.000Z"],
  ])("is what the recording says: %s", (file, text, moment) => {
    write(`alice/${file}`, text);
    const found = momentOf(path.join(folder, "in"));
    expect({ ...found, atMs: new Date(found.atMs).toISOString() }).toEqual({ atMs: moment, atFrom: "recording" });
  });

  test("is the newest of the files' dates where it says none, or one without its zone", () => {
    const old = write("ruby/proc/drbd", DRBD);
    const mon = write("ruby/crm_mon.xml", '<crm_mon><summary><last_update time="Fri Nov 20 11:18:13 2026"/></summary></crm_mon>');
    utimesSync(old, 1_000, 1_000);
    utimesSync(mon, 2_000, 2_000);
    expect(momentOf(path.join(folder, "in"))).toEqual({ atMs: 2_000_000, atFrom: "fileDates" });
  });
});
