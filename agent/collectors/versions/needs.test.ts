// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { HostError, type RunResult } from "@/agent/host/host";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import type { Unread } from "@/agent/protocol/errors";
import { Versions } from "@/agent/protocol/model/versions";
import { readXml } from "@/agent/xml";
import { versions } from "./collector";
import { needsIn } from "./needs";
import { readNeeds } from "./read-needs";

const pair = (name: string, value: string) => `<nvpair id="${name}" name="${name}" value="${value}"/>`;
const primitive = (id: string, kind: string, pairs = "", more = "") =>
  `<primitive id="${id}" ${kind}><instance_attributes id="${id}-i">${more}${pairs}</instance_attributes></primitive>`;
const ocf = (provider: string, type: string) => `class="ocf" provider="${provider}" type="${type}"`;
const needs = (resources: string) =>
  needsIn(readXml(`<resources>${resources}</resources>`)).map(({ resource, kind, name }) => `${resource}: ${kind} ${name}`);

describe("what the services of a configuration need", () => {
  it("an agent of every standard, in groups and clones too, once a service", () => {
    const resources = `<group id="g">${primitive("ip", ocf("heartbeat", "IPaddr2"))}</group>
      <clone id="c">${primitive("web", 'class="systemd" type="nginx"')}</clone>
      ${primitive("old", 'class="lsb" type="postfix"')}${primitive("inst", 'class="systemd" type="mail@1"')}
      ${primitive("st", 'class="stonith" type="fence_ipmilan"')}${primitive("x", 'class="stonith" type="external/ipmi"')}`;
    expect(needs(resources)).toEqual([
      "ip: agent ocf:heartbeat:IPaddr2",
      "web: unit nginx.service",
      "old: agent lsb:postfix",
      "inst: unit mail@1.service",
      "st: fenceAgent fence_ipmilan",
    ]);
  });

  it("tools, modules, DRBD's resource and files by the parameters of known agents", () => {
    const resources = `${primitive("d", ocf("linbit", "drbd"), pair("drbd_resource", "store"))}
      ${primitive("t", ocf("heartbeat", "iSCSITarget"), pair("implementation", "lio-t"))}
      ${primitive("vm", ocf("heartbeat", "VirtualDomain"), pair("config", "/etc/libvirt/qemu/mail.xml"))}`;
    expect(needs(resources).filter((one) => !one.includes(": agent "))).toEqual([
      "d: tool drbdadm",
      "d: module drbd",
      "d: drbdResource store",
      "t: tool targetcli",
      "t: module iscsi_target_mod",
      "vm: tool virsh",
      "vm: file /etc/libvirt/qemu/mail.xml",
    ]);
  });

  it("of a template the class and its parameters; what stands under a rule is not known", () => {
    const template = `<template id="t" ${ocf("linbit", "drbd")}><instance_attributes id="i">${pair("drbd_resource", "store")}</instance_attributes></template>`;
    expect(needs(`${template}<primitive id="d" template="t"/>`)).toContain("d: drbdResource store");
    const rule = '<rule id="r" score="INFINITY"><expression id="e" attribute="#uname" operation="eq" value="ruby"/></rule>';
    const ruled = needs(primitive("d", ocf("linbit", "drbd"), pair("drbd_resource", "store"), rule));
    expect(ruled).toEqual(["d: agent ocf:linbit:drbd", "d: tool drbdadm", "d: module drbd"]);
  });

  it("no path comes out of the CIB but below /etc, and no name that is one", () => {
    const resources = ["/srv/mail.xml", "/etc/../root/x", "/etc/a b", "etc/x", "/etc/.ssh/key"]
      .map((config, index) => primitive(`vm${index}`, ocf("heartbeat", "VirtualDomain"), pair("config", config)))
      .join("");
    expect(needs(resources).filter((one) => one.includes("file"))).toEqual([]);
    expect(needs(primitive("x", ocf("../../etc", "passwd")) + primitive("y", 'class="systemd" type="../x"'))).toEqual([]);
  });
});

const ok = (stdout: string): RunResult => ({ exitCode: 0, stdout, stderr: "" });
const cib = (resources: string) =>
  ok(`<cib epoch="1" num_updates="1" admin_epoch="0"><configuration><resources>${resources}</resources></configuration><status/></cib>\n`);
const ALL = cib(
  `${primitive("d", ocf("linbit", "drbd"), pair("drbd_resource", "store"))}
   ${primitive("t", ocf("heartbeat", "iSCSITarget"), pair("implementation", "lio-t"))}
   ${primitive("web", 'class="systemd" type="nginx"', "")}${primitive("st", 'class="stonith" type="fence_ipmilan"')}
   ${primitive("a", ocf("heartbeat", "apache"), pair("configfile", "/etc/apache2/ha.conf"))}`,
);
const full: MemoryTree = {
  files: {
    "/usr/lib/ocf/resource.d/linbit/drbd": "#!/bin/sh\n",
    "/usr/lib/ocf/resource.d/heartbeat/iSCSITarget": "#!/bin/sh\n",
    "/usr/lib/ocf/resource.d/heartbeat/apache": "#!/bin/sh\n",
    "/usr/lib/systemd/system/nginx.service": "[Unit]\n",
    "/etc/apache2/ha.conf": "Listen 80\n",
    "/proc/filesystems": "nodev\tsysfs\n\text4\n",
    "/sys/module/drbd/version": "8.4.11\n",
  },
  tools: {
    cibadmin: ALL,
    drbdadm: ok("store mail\n"),
    targetcli: ok(""),
    fence_ipmilan: ok(""),
    modinfo: ok("/lib/modules/6.1.0-56-amd64/kernel/drivers/target/iscsi/iscsi_target_mod.ko\n"),
  },
};
async function read(tree: MemoryTree) {
  const problems: Unread[] = [];
  const found = await readNeeds(memoryHost(tree), problems);
  const by = (is: boolean | null) => found?.filter(({ isThere }) => isThere === is).map(({ kind, name }) => `${kind} ${name}`);
  return { lacks: by(false), unknown: by(null), problems: problems.map(({ what, code }) => `${what} ${code}`), found };
}

describe("whether it is there", () => {
  it("a node that has all of it, and one that has nothing", async () => {
    expect(await read(full)).toMatchObject({ lacks: [], unknown: [], problems: [] });
    const { lacks, unknown } = await read({
      folders: ["/etc/systemd/system"],
      tools: { cibadmin: ALL, drbdadm: ok("\n"), modinfo: { exitCode: 1, stdout: "", stderr: "modinfo: ERROR: Module drbd not found.\n" } },
    });
    expect(unknown).toEqual([]);
    expect(lacks).toEqual([
      "agent ocf:linbit:drbd",
      "module drbd",
      "drbdResource store",
      "agent ocf:heartbeat:iSCSITarget",
      "tool targetcli",
      "module iscsi_target_mod",
      "unit nginx.service",
      "fenceAgent fence_ipmilan",
      "agent ocf:heartbeat:apache",
      "file /etc/apache2/ha.conf",
    ]);
  });

  it("a tree that records other things says of nothing that it is not there", async () => {
    expect(await read({ tools: { cibadmin: ALL }, isReal: false })).toMatchObject({ lacks: [] });
  });

  it("a module that is built in, or that no tool tells of, is not missed", async () => {
    const builtIn = { ...full.tools, modinfo: ok("(builtin)\n") };
    expect(await read({ ...full, tools: builtIn })).toMatchObject({ lacks: [], unknown: ["module drbd", "module iscsi_target_mod"] });
    const odd = { ...full.tools, modinfo: ok("8.4.11\n") };
    expect(await read({ ...full, tools: odd })).toMatchObject({ lacks: [] });
  });

  it("a part that may not be looked at, or hangs, is named and not missed; the rest is there", async () => {
    const { lacks, problems } = await read({ ...full, forbidden: ["/etc/apache2"] });
    expect([lacks, problems]).toEqual([[], ["services: configuration files COLLECT_FORBIDDEN"]]);
    const hangs = () => {
      throw new HostError("HOST_TIMEOUT", "drbdadm did not answer");
    };
    expect(await read({ ...full, tools: { ...full.tools, drbdadm: hangs } })).toMatchObject({
      unknown: ["drbdResource store"],
      problems: ["services: DRBD resources COLLECT_TIMEOUT"],
    });
    expect(await read({ ...full, tools: { ...full.tools, drbdadm: ok("store ma") } })).toMatchObject({
      unknown: ["drbdResource store"],
      problems: ["services: DRBD resources COLLECT_PARSE"],
    });
  });

  it("no cluster, one that does not answer, and one that shows no resources: nothing is known to be needed", async () => {
    for (const cibadmin of [undefined, { exitCode: 102, stdout: "", stderr: "" }, ok("<cib/>\n")]) {
      const tools = { ...full.tools, ...(cibadmin ? { cibadmin } : {}) };
      if (!cibadmin) Reflect.deleteProperty(tools, "cibadmin");
      expect(await read({ ...full, tools })).toMatchObject({ found: null, problems: [] });
    }
  });

  it("a CIB cut anywhere is refused, or asks for no more than the whole one", async () => {
    const whole = (await read(full)).found?.length ?? 0;
    for (let end = 0; end < ALL.stdout.length; end += 37) {
      const value = Versions.parse(
        (await versions.read(memoryHost({ ...full, tools: { ...full.tools, cibadmin: ok(ALL.stdout.slice(0, end)) } }), null)) ?? {},
      );
      expect(value.needs?.length ?? 0).toBeLessThanOrEqual(whole);
      if (value.needs === undefined) expect(value.unread.map(({ what }) => what)).toContain("services: what they need");
    }
  });
});

it("a real cluster's configuration", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../pacemaker/fixtures/cib/pacemaker-2.1.5-healthy.txt"), "utf8");
  const resources = readXml(text).children.flatMap(({ children }) => children.filter(({ name }) => name === "resources"));
  const names = new Set(resources.flatMap(needsIn).map(({ kind, name }) => `${kind} ${name}`));
  expect([...names]).toEqual(["fenceAgent fence_lab", "agent ocf:pacemaker:Dummy", "agent ocf:pacemaker:Stateful"]);
});
