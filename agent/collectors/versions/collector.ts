// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { inOrder, readPart } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import { plainText } from "@/agent/plain-text";
import type { Unread } from "@/agent/protocol/errors";
import type { Versions } from "@/agent/protocol/model/versions";
import {
  parseDigests,
  parseDrbdadmVersion,
  parseOsRelease,
  parsePackages,
  parseProcVersion,
  parseProgramVersion,
  parseVersionLine,
} from "./parse";
import { OF_SERVICES, readNeeds } from "./read-needs";

/** Each read starts a handful of tools, and what is installed changes a few times a year. */
const EVERY_MS = 300_000;
const SOON_MS = 10_000;
/** Looked for again while something is missing, or no cluster says what to look for. */
const AGAIN_MS = 30_000;
const TOOL_TIMEOUT_MS = 5_000;
/** Debian's and the rpm world's names are the same for these. */
const PACKAGES = ["drbd-utils", "pacemaker", "corosync", "resource-agents", "vblade"] as const;

/** What is installed and what runs: an upgrade that was begun and not finished shows here first. */
export const versions = defineCollector({
  name: "versions",
  reads:
    "/etc/os-release, /sys/module/drbd/version, /proc/crypto, modinfo, drbdadm --version, dpkg-query or rpm, pacemakerd --version, corosync -v; cibadmin -Q, and of what services need there whether it is there",
  everyMs: EVERY_MS,
  paceMs,
  timeoutMs: 30_000,
  async read(host) {
    const problems: Unread[] = [];
    const part = <T>(what: string, read: () => Promise<T | null>) => readPart(problems, what, read);
    const [os, drbdLoaded, drbdInstalled, drbdadm, packages] = await Promise.all([
      part("os-release", () => readOs(host)),
      part("the loaded DRBD module", () => readLoaded(host)),
      part("the installed DRBD module", () => readInstalled(host)),
      part("drbdadm --version", () => said(host, "drbdadm", ["--version"], parseDrbdadmVersion)),
      part("installed packages", () => readPackages(host)),
    ]);
    const packaged = (name: (typeof PACKAGES)[number]) => packages?.get(name) ?? null;
    const ask = (tool: string, args: readonly string[]) =>
      part(`${tool} ${args.join(" ")}`, () => said(host, tool, args, (text) => parseProgramVersion(tool, text)));
    // A package's version says more than the tool's own; where there is none, the tool was built by hand.
    const pacemaker = packaged("pacemaker") ?? (await ask("pacemakerd", ["--version"]));
    const corosync = packaged("corosync") ?? (await ask("corosync", ["-v"]));
    const needs = await part(`${OF_SERVICES}what they need`, () => readNeeds(host, problems));
    const digests = drbdLoaded === null ? null : await part("/proc/crypto", () => readDigests(host));
    const value = {
      os,
      drbdLoaded,
      drbdInstalled,
      drbdUtils: packaged("drbd-utils") ?? drbdadm,
      pacemaker,
      corosync,
      resourceAgents: packaged("resource-agents"),
      vblade: packaged("vblade"),
      digests,
    };
    if (needs === null && problems.length === 0 && Object.values(value).every((one) => one === null)) return null; // a tree that records other things
    return { ...value, ...(needs === null ? {} : { needs }), unread: inOrder(problems) };
  },
});

/** What was not read for a passing reason should not be unknown for minutes, nor what was installed meanwhile still be missed. */
function paceMs({ unread: parts, pacemaker, needs }: Versions): number {
  if (parts.some(({ code }) => code === "COLLECT_TIMEOUT")) return SOON_MS;
  // After a boot the agent is there before the cluster, which knows what its services need.
  const isAwaited = pacemaker !== null && needs === undefined;
  return isAwaited || needs?.some(({ isThere }) => isThere === false) ? AGAIN_MS : EVERY_MS;
}

async function readOs(host: Host): Promise<string | null> {
  const text = (await host.read("/etc/os-release")) ?? (await host.read("/usr/lib/os-release"));
  return text === null ? null : parseOsRelease(text);
}

/** Which digests the kernel has now: DRBD compares copies by one of them. */
async function readDigests(host: Host): Promise<string[] | null> {
  const text = await host.read("/proc/crypto");
  return text === null ? null : parseDigests(text);
}

/** In the kernel now: sysfs says it where the module was built with a version, `/proc/drbd` always. */
async function readLoaded(host: Host): Promise<string | null> {
  const own = await host.read("/sys/module/drbd/version");
  if (own !== null) return parseVersionLine("/sys/module/drbd/version", own);
  const proc = await host.read("/proc/drbd");
  return proc === null ? null : parseProcVersion(proc);
}

/** What `modprobe drbd` would load: null when there is none, which modinfo says with exit 1. */
async function readInstalled(host: Host): Promise<string | null> {
  return said(host, "modinfo", ["-F", "version", "drbd"], (text) => (text === "" ? null : parseVersionLine("modinfo", text)));
}

/** What a tool prints; null when it is not installed or does not know. */
async function said<T>(host: Host, tool: string, args: readonly string[], parse: (text: string) => T): Promise<T | null> {
  const result = await host.run(tool, args, { timeoutMs: TOOL_TIMEOUT_MS });
  return result === null || result.exitCode !== 0 ? null : parse(result.stdout);
}

/** Null when neither package manager is there. Both exit with an error when one of the packages is not installed. */
async function readPackages(host: Host): Promise<ReadonlyMap<string, string> | null> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg fills these in, not we
  const format = "${Package}\\t${Version}\\t${db:Status-Status}\\n";
  const dpkg = await host.run("dpkg-query", ["-W", "-f", format, ...PACKAGES], { timeoutMs: TOOL_TIMEOUT_MS });
  // 1: one of them is not installed. 2: its database cannot be read, and then nothing is known of any. Source: dpkg-query(1), EXIT STATUS.
  if (dpkg !== null && dpkg.exitCode > 1)
    throw new HostError("HOST_READ", plainText(`dpkg-query: exit ${dpkg.exitCode}: ${dpkg.stderr}`, 300));
  const found = dpkg === null ? null : parsePackages("dpkg-query", dpkg.stdout);
  // Where rpm rules, dpkg may be installed all the same, and know nothing.
  if (found !== null && found.size > 0) return found;
  const rpm = await host.run("rpm", ["-q", "--qf", "%{NAME}\\t%{VERSION}-%{RELEASE}\\n", ...PACKAGES], { timeoutMs: TOOL_TIMEOUT_MS });
  if (rpm === null) return found;
  if (rpm.exitCode !== 0 && rpm.stdout === "") throw new HostError("HOST_READ", plainText(`rpm: exit ${rpm.exitCode}: ${rpm.stderr}`, 300));
  return parsePackages("rpm", rpm.stdout);
}
