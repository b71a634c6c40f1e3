// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { withoutStatus } from "@/agent/collectors/pacemaker/cib-status";
import { child } from "@/agent/collectors/pacemaker/fields";
import { refusalOf } from "@/agent/collectors/pacemaker/refusals";
import { finishedLines } from "@/agent/collectors/text";
import { readPart } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Versions } from "@/agent/protocol/model/versions";
import { readXml } from "@/agent/xml";
import { type Need, needsIn } from "./needs";

type Needs = NonNullable<Versions["needs"]>;

/** How the parts that say nothing of a version begin, where they could not be read. */
export const OF_SERVICES = "services: ";
const TOOL_MS = 5_000;
const CIB = { timeoutMs: 10_000, maxBytes: 16 * 1024 * 1024 } as const;
const OCF = "/usr/lib/ocf/resource.d";
const UNITS = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/**
 * What the cluster's services need here and whether it is there; null without a cluster that answers. Only names are looked for:
 * no file is opened, and nothing of a service is started.
 */
export async function readNeeds(host: Host, problems: Unread[]): Promise<Needs | null> {
  const wanted = await readWanted(host);
  if (wanted === null) return null;
  const names = (kind: Need["kind"]) => [...new Set(wanted.filter((need) => need.kind === kind).map(({ name }) => name))];
  const read = async (kind: Need["kind"], what: string, ask: (names: readonly string[]) => Promise<ReadonlySet<string> | null>) => {
    const asked = names(kind);
    return [kind, asked.length === 0 ? null : await readPart(problems, `${OF_SERVICES}${what}`, () => ask(asked))] as const;
  };
  const there = new Map(
    await Promise.all([
      read("agent", "agents", (list) => agentsThere(host, list)),
      read("unit", "units", (list) => unitsThere(host, list)),
      read("fenceAgent", "fencing agents", (list) => toolsThere(host, list)),
      read("tool", "tools", (list) => toolsThere(host, list)),
      read("module", "kernel modules", (list) => modulesThere(host, list)),
      read("file", "configuration files", (list) => filesThere(host, list)),
      read("drbdResource", "DRBD resources", () => drbdThere(host)),
    ]),
  );
  return wanted.map((need) => ({ ...need, isThere: there.get(need.kind)?.has(need.name) ?? null }));
}

/** Null where no cluster answers: the source Pacemaker says why. */
async function readWanted(host: Host): Promise<Need[] | null> {
  const result = await host.run("cibadmin", ["-Q"], CIB);
  if (result === null) return null;
  const refusal = refusalOf("cibadmin", result.exitCode);
  if (refusal?.code === "HOST_FORBIDDEN") throw refusal;
  if (result.exitCode !== 0) return null;
  const root = readXml(withoutStatus(result.stdout));
  if (root.name !== "cib") throw new ParseError(`not a CIB: it is <${root.name.slice(0, 40)}>`);
  const resources = child(child(root, "configuration") ?? root, "resources");
  return resources === null ? null : needsIn(resources);
}

/** A folder of a tree that records other things says nothing of what would be in it. */
async function listed(host: Host, folder: string): Promise<string[] | null> {
  const names = await host.list(folder);
  return names === null && host.isReal ? [] : names;
}

async function agentsThere(host: Host, names: readonly string[]): Promise<ReadonlySet<string> | null> {
  const folders = new Set(names.map((name) => name.split(":").slice(0, -1).join(":")));
  const there = new Set<string>();
  for (const folder of folders) {
    const [standard, provider = ""] = folder.split(":");
    const list = await listed(host, standard === "lsb" ? "/etc/init.d" : `${OCF}/${provider}`);
    if (list === null) return null;
    for (const name of list) there.add(`${folder}:${name}`);
  }
  return there;
}

/** An instance of a template ("mail@1.service") is the template's unit ("mail@.service"). */
async function unitsThere(host: Host, names: readonly string[]): Promise<ReadonlySet<string> | null> {
  const lists = await Promise.all(UNITS.map((folder) => host.list(folder)));
  if (lists.every((list) => list === null)) return null;
  const all = new Set(lists.flatMap((list) => list ?? []));
  return new Set(names.filter((name) => all.has(name) || all.has(name.replace(/@[^.]*\./, "@."))));
}

async function toolsThere(host: Host, names: readonly string[]): Promise<ReadonlySet<string> | null> {
  // Under a root tools come from its own folder, which holds only those that the agent asks.
  if (!host.isReal) return null;
  const found = await Promise.all(names.map((name) => host.has(name)));
  return new Set(names.filter((_, index) => found[index]));
}

/** In the kernel now, or to be loaded. Names in sysfs have "_" where a file's may have "-". */
async function modulesThere(host: Host, names: readonly string[]): Promise<ReadonlySet<string> | null> {
  const loaded = new Set(await host.list("/sys/module"));
  const filesystems = new Set((await host.read("/proc/filesystems"))?.split(/\s+/));
  const there = names.filter((name) => loaded.has(name) || filesystems.has(name));
  const open = names.filter((name) => !there.includes(name));
  if (open.length === 0) return new Set(there);
  const answer = await host.run("modinfo", ["-F", "filename", ...open], { timeoutMs: TOOL_MS });
  if (answer === null || answer.exitCode > 1) return null;
  const found = answer.stdout === "" ? [] : finishedLines("modinfo", answer.stdout).map(moduleIn);
  // A line that names no module file ("(builtin)") is one of them, and does not say which.
  if (found.includes(null)) return null;
  return new Set([...there, ...open.filter((name) => found.includes(name))]);
}

function moduleIn(line: string): string | null {
  const name = /^\/.*\/([\w-]+)\.ko(?:\.\w+)?$/.exec(line)?.[1];
  return name?.replaceAll("-", "_") ?? null;
}

async function filesThere(host: Host, paths: readonly string[]): Promise<ReadonlySet<string> | null> {
  const there = new Set<string>();
  for (const path of paths) {
    const cut = path.lastIndexOf("/");
    const list = await listed(host, path.slice(0, cut));
    if (list === null) return null;
    if (list.includes(path.slice(cut + 1))) there.add(path);
  }
  return there;
}

/** The resources that this node's configuration gives it a part in. Source: sh_resources of drbdadm, 8.3 to 9: names, blanks between. */
async function drbdThere(host: Host): Promise<ReadonlySet<string> | null> {
  const answer = await host.run("drbdadm", ["sh-resources"], { timeoutMs: TOOL_MS });
  if (answer === null || answer.exitCode !== 0) return null;
  return new Set(answer.stdout === "" ? [] : finishedLines("drbdadm sh-resources", answer.stdout).flatMap((line) => line.split(/\s+/)));
}
