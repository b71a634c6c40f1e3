// SPDX-License-Identifier: Apache-2.0

/** One distribution as its package manager speaks: the packages that a storage node of it carries, by name. */
interface Distribution {
  /** Beginning of its kernels' releases. */
  kernel: string;
  prettyName: string;
  manager: "dpkg-query" | "rpm";
  /** What it appends to the release of Pacemaker. */
  pacemakerPatch: string;
  packages: Readonly<Record<"corosync" | "resource-agents" | "drbd-utils" | "vblade", string | null>>;
}

const DISTRIBUTIONS: readonly Distribution[] = [
  {
    kernel: "3.10.",
    prettyName: "CentOS Linux 7 (Core)",
    manager: "rpm",
    pacemakerPatch: "-1.el7_9.1",
    packages: { corosync: "2.4.5-7.el7_9.2", "resource-agents": "4.1.1-61.el7_9.18", "drbd-utils": null, vblade: null },
  },
  {
    kernel: "5.10.",
    prettyName: "Debian GNU/Linux 11 (bullseye)",
    manager: "dpkg-query",
    pacemakerPatch: "-2",
    packages: { corosync: "3.1.2-2", "resource-agents": "1:4.7.0-1", "drbd-utils": "9.15.0-1", vblade: "25-1" },
  },
  {
    kernel: "6.1.",
    prettyName: "Debian GNU/Linux 12 (bookworm)",
    manager: "dpkg-query",
    pacemakerPatch: "-1+deb12u1",
    packages: { corosync: "3.1.7-1+deb12u2", "resource-agents": "1:4.12.0-2", "drbd-utils": "9.22.0-1", vblade: "25-1+b1" },
  },
];

/** What runs on a node, as far as its versions go. */
export interface Installed {
  kernel: string;
  drbd: string | null;
  pacemaker: string | null;
  /** May be another than its distribution's: held back, so that it speaks with an older peer's. */
  corosync: string | null;
  hasVblade: boolean;
}

export function distributionOf(kernel: string): Distribution {
  const found = DISTRIBUTIONS.find((one) => kernel.startsWith(one.kernel));
  if (!found) throw new Error(`No distribution of this fleet has the kernel ${kernel}.`);
  return found;
}

/** `/etc/os-release`, the lines that anybody reads. Source: os-release(5). */
export function renderOsRelease({ kernel }: Installed): string {
  return `PRETTY_NAME="${distributionOf(kernel).prettyName}"\nNAME="${distributionOf(kernel).prettyName.split(" ")[0]}"\n`;
}

/** What `dpkg-query -W -f '…'` or `rpm -q --qf '…'` prints of the packages asked for: a line for each that is there. */
export function renderPackages({ kernel, drbd, pacemaker, corosync, hasVblade }: Installed): string {
  const { manager, packages, pacemakerPatch } = distributionOf(kernel);
  const versions: [string, string | null][] = [
    ["drbd-utils", drbd === null ? null : packages["drbd-utils"]],
    ["pacemaker", pacemaker === null ? null : `${pacemaker}${pacemakerPatch}`],
    ["corosync", corosync === null ? null : corosyncPackage(corosync, packages.corosync)],
    ["resource-agents", pacemaker === null ? null : packages["resource-agents"]],
    ["vblade", hasVblade ? packages.vblade : null],
  ];
  return versions
    .map(([name, version]) => {
      if (version !== null) return `${name}\t${version}${manager === "rpm" ? "" : "\tinstalled"}\n`;
      // dpkg says on the other stream that it has none.
      return manager === "rpm" ? `package ${name} is not installed\n` : "";
    })
    .join("");
}

function corosyncPackage(version: string, packaged: string | null): string {
  return packaged?.startsWith(`${version}-`) ? packaged : `${version}-1`;
}
