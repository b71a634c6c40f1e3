// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";

/** Ticks of /proc/PID/stat. Source: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null; // it ended between two looks
  }
}

/** A process and everything below it that lives. */
export function treeOf(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? readOrNull(`/proc/${name}/stat`) : null;
    if (stat === null) continue;
    const parent = Number(fieldsOf(stat)[1]);
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const all = [pid];
  for (let index = 0; index < all.length; index += 1) all.push(...(parents.get(all[index] ?? 0) ?? []));
  return all;
}

/** The fields behind the name, which may hold anything: state is the first. Source: proc(5) */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** CPU time of a process, of its children that ended, and of those that live. Units: ms. */
export function cpuMs(pid: number): number {
  let ticks = 0;
  for (const each of treeOf(pid)) {
    const stat = readOrNull(`/proc/${each}/stat`);
    // utime, stime, cutime, cstime
    if (stat !== null) for (const field of fieldsOf(stat).slice(11, 15)) ticks += Number(field);
  }
  return (ticks * 1_000) / TICKS_PER_SECOND;
}

/** CPU time of the process alone. Units: ms. */
export function ownCpuMs(pid: number): number {
  const stat = readOrNull(`/proc/${pid}/stat`);
  const ticks =
    stat === null
      ? 0
      : fieldsOf(stat)
          .slice(11, 13)
          .reduce((sum, field) => sum + Number(field), 0);
  return (ticks * 1_000) / TICKS_PER_SECOND;
}

function kilobytes(file: string, label: string): number {
  const match = new RegExp(`^${label}:\\s+(\\d+) kB$`, "m").exec(readOrNull(file) ?? "");
  return Number(match?.[1] ?? 0);
}

/** Units: MB (10^6 bytes). */
export function rssMb(pid: number): number {
  return (kilobytes(`/proc/${pid}/status`, "VmRSS") * 1_024) / 1e6;
}

/** The share of memory of everything below a process, each page divided by its users. Units: MB (10^6 bytes). */
export function childrenPssMb(pid: number): number {
  const children = treeOf(pid).slice(1);
  return (children.reduce((sum, child) => sum + kilobytes(`/proc/${child}/smaps_rollup`, "Pss"), 0) * 1_024) / 1e6;
}
