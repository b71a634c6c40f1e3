// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { NodeName } from "@/agent/protocol/names";
import type { SourceName } from "@/agent/protocol/sources";
import { CliError } from "./cli-error";

/** One recorded node as the agent reads it. */
export interface RecordedTree {
  /** Null: the recording speaks of a cluster without saying on which node (a CIB, crm_mon's XML). */
  node: string | null;
  root: string;
  bin: string | null;
  /** The CIB that Pacemaker's tools answer from, where it was recorded. */
  cibFile: string | null;
  /** Null: everything that the agent knows. */
  sources: readonly SourceName[] | null;
}

/** What a file is, told by its content. */
type FileKind = "cib" | "crm_mon" | "proc-drbd" | "bonding";

const MAX_FILE_BYTES = 16 * 1024 * 1024;

function kindOf(text: string): FileKind | null {
  if (text.trimStart().startsWith("<")) {
    const root = /<[a-z][\w-]*/i.exec(text.slice(0, 20_000).replace(/<!--[\s\S]*?-->/g, ""))?.[0];
    if (root === "<cib") return "cib";
    return root === "<crm_mon" || root === "<pacemaker-result" ? "crm_mon" : null;
  }
  const start = text.slice(0, 20_000);
  if (/^\s*version: \S+ \(api:|^\s*\d+: ?cs:\w/m.test(start)) return "proc-drbd";
  return /^Bonding Mode:/m.test(start) ? "bonding" : null;
}

/** @throws CliError when it cannot be read or is larger than any recording of one text */
export function textOf(file: string): string {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new CliError(`${file} is no file.`);
    if (found.size > MAX_FILE_BYTES) throw new CliError(`${file} is larger than 16 MiB: that is no recording of one text.`);
    return readFileSync(file, "utf8");
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`${file} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, 1, { cause });
  }
}

/** "eth.bond0.txt" is no name of an interface; "bond0.txt" means bond0. */
function bondName(file: string): string {
  const stem = path.basename(file).replace(/\.[a-z]+$/i, "");
  const name = stem.replace(/^proc_net_bonding_/, "");
  return /^[A-Za-z0-9_-]{1,15}$/.test(name) ? name : "bond0";
}

function put(root: string, place: string, text: string): void {
  const file = path.join(root, place);
  mkdirSync(path.dirname(file), { recursive: true });
  // The kernel ends every line; what was pasted may have lost the last line's end.
  writeFileSync(file, text.endsWith("\n") ? text : `${text}\n`);
}

/** A crm_mon that says what was recorded, whatever it is asked. */
function recordedCrmMon(bin: string, text: string): void {
  put(bin, "recorded.xml", text);
  put(bin, "crm_mon", `#!/bin/sh\nexec cat "\${0%/*}/recorded.xml"\n`);
  chmodSync(path.join(bin, "crm_mon"), 0o755);
}

/** One recorded file laid into a tree of its own under `scratch`. @throws CliError when it is no kind that is known */
export function treeOfFile(file: string, scratch: string, node: string | null): RecordedTree {
  const text = textOf(file);
  const kind = kindOf(text);
  const root = path.join(scratch, "root");
  mkdirSync(root, { recursive: true });
  const tree = { root, bin: null, cibFile: null };
  switch (kind) {
    case "cib":
      return { ...tree, node, cibFile: path.resolve(file), sources: ["pacemaker"] };
    case "crm_mon": {
      const bin = path.join(scratch, "bin");
      recordedCrmMon(bin, text);
      return { ...tree, node, bin, sources: ["pacemaker"] };
    }
    case "proc-drbd":
      put(root, "proc/drbd", text);
      return { ...tree, node: node ?? NO_NAME, sources: ["drbd"] };
    case "bonding":
      put(root, `proc/net/bonding/${bondName(file)}`, text);
      return { ...tree, node: node ?? NO_NAME, sources: ["bonding"] };
    case null:
      throw new CliError(
        `${file} is none of what can be opened: a CIB, crm_mon's XML, a /proc/drbd, a file of /proc/net/bonding, or a folder with recorded trees.`,
        2,
      );
    default: {
      const never: never = kind;
      return never;
    }
  }
}

/** A text that does not say on which machine it was read, and nobody did. */
const NO_NAME = "unnamed";

/** The name that a tree itself, its folder, or else nobody gives. */
export function nameOfTree(root: string, folder: string): string {
  for (const place of ["etc/hostname", "proc/sys/kernel/hostname"]) {
    const file = path.join(root, place);
    const name = existsSync(file) ? NodeName.safeParse(textOf(file).trim()) : null;
    if (name?.success) return name.data;
  }
  const name = NodeName.safeParse(path.basename(path.resolve(folder)));
  return name.success ? name.data : NO_NAME;
}
