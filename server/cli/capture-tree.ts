// SPDX-License-Identifier: Apache-2.0
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { iscsiOf } from "./capture-iscsi";

/**
 * Turns the captured texts of one node into a root tree that the agent reads with `--root OUT --bin OUT.bin`.
 *
 * The folder's name is the node's name; `_commands.txt` in it has the exit code and stderr of each command.
 */

interface Outcome {
  exitCode: number;
  stderr: string;
}

interface Capture {
  node: string;
  texts: ReadonlyMap<string, string>;
  outcomes: ReadonlyMap<string, Outcome>;
}

/** What is written: files and links by their place in the tree. */
interface Tree {
  files: Map<string, string>;
  links: Map<string, string>;
  /** Folders that are there although nothing is in them. */
  folders?: Set<string>;
}

/** A name that is safe as one step of a path: what the kernel calls its devices, and no more. */
const SAFE_STEP = /^[A-Za-z0-9_!@:%+=,-][A-Za-z0-9._!@:%+=,-]*$/;

/** @throws Error for a place outside the tree */
function safePlace(place: string): string {
  const steps = place.split("/");
  if (!steps.every((step) => SAFE_STEP.test(step))) throw new Error(`"${place}" is not a place in a root tree`);
  return steps.join("/");
}

function readCapture(folder: string): Capture {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) texts.set(entry.name, readFileSync(path.join(folder, entry.name), "utf8"));
  }
  return { node: path.basename(path.resolve(folder)), texts, outcomes: outcomesOf(texts.get("_commands.txt") ?? "") };
}

/** `$ command > file`, `rc=n`, then what it said on stderr. */
function outcomesOf(commands: string): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  let file: string | null = null;
  for (const line of commands.split("\n")) {
    const started = /^\$ .* > (\S+)$/.exec(line)?.[1];
    const exitCode = /^rc=(\d{1,3})$/.exec(line)?.[1];
    const known = file === null ? undefined : outcomes.get(file);
    if (started !== undefined) {
      file = started;
      outcomes.set(file, { exitCode: 0, stderr: "" });
    } else if (file !== null && exitCode !== undefined) outcomes.set(file, { exitCode: Number(exitCode), stderr: known?.stderr ?? "" });
    else if (file !== null && known && line !== "") outcomes.set(file, { ...known, stderr: `${known.stderr}${line}\n` });
  }
  return outcomes;
}

/** The text of a file that its command could read; a failed `cat` leaves an empty file, which was no file on the node. */
function taken(capture: Capture, name: string): string | null {
  const text = capture.texts.get(name);
  const failed = (capture.outcomes.get(name)?.exitCode ?? 0) !== 0;
  return text === undefined || (failed && text === "") ? null : text;
}

function treeOf(capture: Capture): Tree {
  const tree: Tree = { files: new Map(), links: new Map() };
  const put = (place: string, text: string) => tree.files.set(safePlace(place), text);
  put("proc/sys/kernel/hostname", `${capture.node}\n`);
  const release = capture.texts.get("_time")?.split("\n")[1];
  if (release) put("proc/sys/kernel/osrelease", `${release}\n`);

  const drbd = taken(capture, "proc_drbd");
  if (drbd !== null) put("proc/drbd", drbd);
  for (const name of capture.texts.keys()) {
    const bond = /^proc_net_bonding_(.+)$/.exec(name)?.[1];
    const text = taken(capture, name);
    if (bond !== undefined && text !== null) put(`proc/net/bonding/${bond}`, text);
  }
  putInterfaces(put, taken(capture, "ip_j_d_s_link.json"));
  putBondFolders(put, taken(capture, "sys_class_net_bonding.txt") ?? "");
  for (const [, device = "", text = ""] of (taken(capture, "debugfs_aoe.txt") ?? "").matchAll(
    /^=== \/sys\/kernel\/debug\/aoe\/([^*\s]+)\n((?:(?!=== ).*\n)*)/gm,
  ))
    put(`sys/kernel/debug/aoe/${device}`, text);
  for (const name of ["sys_block_etherd.txt", "sys_block.txt", "module_params.txt"]) putAttributes(put, taken(capture, name) ?? "");
  const aoeVersion = /\n([\d.]+)\n$/.exec(taken(capture, "module_params.txt") ?? "")?.[1];
  if (aoeVersion !== undefined) put("sys/module/aoe/version", `${aoeVersion}\n`);
  for (const [, pid = "", args = ""] of (taken(capture, "vblade_ps.txt") ?? "").matchAll(/^\s*(\d+) ((?:\S*\/)?vblade .*)$/gm)) {
    put(`proc/${pid}/cmdline`, `${args.trim().split(/\s+/).join("\0")}\0`);
    put(`proc/${pid}/comm`, "vblade\n");
  }
  putLinks(tree, taken(capture, "sys_block.txt") ?? "");
  putIscsi(tree, capture);
  return tree;
}

function putIscsi(tree: Tree, capture: Capture): void {
  const found = iscsiOf(
    (name) => taken(capture, name),
    (name) => capture.outcomes.get(name)?.stderr ?? "",
  );
  for (const [place, text] of found.files) tree.files.set(safePlace(place), text);
  for (const [place, target] of found.links) tree.links.set(safePlace(place), target);
  tree.folders = new Set([...found.folders].map(safePlace));
}

type Put = (place: string, text: string) => void;

/** `/sys/…/name: value` lines, one attribute each; `(absent)`, or a pattern the shell found nothing for, was not there. */
function putAttributes(put: Put, text: string): void {
  for (const [, place = "", value = ""] of text.matchAll(/^\/(sys\/[^:*\s]+): ?(.*)$/gm))
    if (value !== "(absent)") put(place, `${value}\n`);
}

/** The masters in the first line, then `bond0/bonding/mode:802.3ad 4`, a line per line of the attribute. */
function putBondFolders(put: Put, text: string): void {
  const [masters = "", ...lines] = text.split("\n");
  if (masters !== "" && !masters.includes(":")) put("sys/class/net/bonding_masters", `${masters}\n`);
  const values = new Map<string, string>();
  for (const line of lines) {
    const [, place, value] = /^([^:\s]+\/[^:\s]+):\s?(.*)$/.exec(line) ?? [];
    if (place !== undefined) values.set(place, `${values.get(place) ?? ""}${value}\n`);
  }
  for (const [place, value] of values) put(`sys/class/net/${place}`, value);
}

/** What `ip -j link` says, in sysfs's words. It does not print the speed. */
function putInterfaces(put: Put, text: string | null): void {
  const interfaces: unknown = text === null || text.trim() === "" ? [] : JSON.parse(text);
  if (!Array.isArray(interfaces)) return;
  for (const one of interfaces) {
    if (typeof one !== "object" || one === null || !("ifname" in one) || typeof one.ifname !== "string") continue;
    const folder = `sys/class/net/${one.ifname}`;
    if ("address" in one && typeof one.address === "string") put(`${folder}/address`, `${one.address}\n`);
    if ("operstate" in one && typeof one.operstate === "string") put(`${folder}/operstate`, `${one.operstate.toLowerCase()}\n`);
    if ("mtu" in one && typeof one.mtu === "number") put(`${folder}/mtu`, `${one.mtu}\n`);
    // The kernel refuses to say for an interface that is not up.
    if ("flags" in one && Array.isArray(one.flags) && one.flags.includes("UP"))
      put(`${folder}/carrier`, one.flags.includes("LOWER_UP") ? "1\n" : "0\n");
  }
}

/** The links under /dev/drbd from `ls -lR`, and an empty file for each device they lead to. */
function putLinks(tree: Tree, listing: string): void {
  let folder: string | null = null;
  for (const line of listing.split("\n")) {
    const heading = /^\/(dev\/drbd(?:\/[^:\s]+)*):$/.exec(line)?.[1];
    if (heading !== undefined) folder = safePlace(heading);
    const [, name, target] = /^l\S* .* (\S+) -> ((?:\.\.\/){1,3}drbd\d+)$/.exec(line) ?? [];
    if (folder === null || name === undefined || target === undefined) continue;
    const place = safePlace(`${folder}/${name}`);
    tree.files.set(safePlace(path.posix.join(path.posix.dirname(place), target)), "");
    tree.links.set(place, target);
  }
}

/** Captured answers of the tools: `on` are shell patterns of the whole argument list; `stays` keeps the stream open. */
const ANSWERS: readonly { tool: string; file: string; on: readonly string[]; stays?: boolean }[] = [
  { tool: "drbdsetup", file: "drbdsetup_status.txt", on: ["'status'"] },
  { tool: "drbdsetup", file: "drbdsetup_status_verbose_statistics.txt", on: ["'status --verbose --statistics'"] },
  { tool: "drbdsetup", file: "drbdsetup_status.json", on: ["'status --json'"] },
  { tool: "drbdsetup", file: "events2_now_statistics.txt", on: ["'events2 --now'", "'events2 --now --statistics'"] },
  { tool: "drbdsetup", file: "events2_now_statistics.txt", on: ["'events2'", "'events2 --timestamps --statistics'"], stays: true },
  { tool: "drbdsetup", file: "drbdsetup_show.txt", on: ["'show'"] },
  { tool: "drbdsetup", file: "drbdsetup_show_showdefaults.txt", on: ["'show --show-defaults'"] },
  { tool: "drbdadm", file: "drbdadm_dump.xml", on: ["'dump-xml'"] },
  { tool: "drbdadm", file: "drbdadm_dump.txt", on: ["'dump'"] },
  { tool: "crm_mon", file: "crm_mon_1_r_f.xml", on: ["*'--output-as=xml'*"] },
  { tool: "cibadmin", file: "cibadmin_Q.xml", on: ["'-Q'", "'--query'"] },
  { tool: "corosync-quorumtool", file: "corosync_quorumtool.txt", on: ["'-s'"] },
];

/** The tools that were captured, as shell scripts over the captured texts beside them. */
function toolsOf(capture: Capture): Tree {
  const tree: Tree = { files: new Map(), links: new Map() };
  const scripts = new Map<string, string[]>();
  for (const { tool, file, on, stays } of ANSWERS) {
    const text = capture.texts.get(file);
    if (text === undefined) continue;
    const { exitCode, stderr } = capture.outcomes.get(file) ?? { exitCode: 0, stderr: "" };
    tree.files.set(`captured/${safePlace(file)}`, text);
    const show = `cat "\${0%/*}/captured/${file}"`;
    let act = `exec ${show}`;
    if (stays) act = `${show}; exec sleep 1000000`;
    else if (exitCode !== 0) {
      tree.files.set(`captured/${file}.stderr`, stderr);
      act = `${show}; cat "\${0%/*}/captured/${file}.stderr" >&2; exit ${exitCode}`;
    }
    scripts.set(tool, [...(scripts.get(tool) ?? []), `${on.join("|")}) ${act};;`]);
  }
  for (const [tool, cases] of scripts) {
    const otherwise = `*) echo "${tool}: not captured: $*" >&2; exit 20;;`;
    tree.files.set(tool, `#!/bin/sh\ncase "$*" in\n${[...cases, otherwise].join("\n")}\nesac\n`);
  }
  return tree;
}

/** A link of a capture may lead anywhere, so nothing is ever written through one. @throws Error when a place lies behind a link */
function expectNothingBehindLinks({ files, links, folders = new Set() }: Tree): void {
  for (const place of [...files.keys(), ...folders, ...links.keys()]) {
    const steps = place.split("/");
    for (let length = 1; length < steps.length; length += 1) {
      const link = steps.slice(0, length).join("/");
      if (links.has(link)) throw new Error(`"${place}" lies behind the link "${link}"`);
    }
  }
}

function write(folder: string, tree: Tree): void {
  expectNothingBehindLinks(tree);
  for (const place of tree.folders ?? []) mkdirSync(path.join(folder, place), { recursive: true });
  for (const [place, text] of tree.files) {
    const file = path.join(folder, place);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (text.startsWith("#!")) chmodSync(file, 0o755);
  }
  for (const [place, target] of tree.links) {
    mkdirSync(path.dirname(path.join(folder, place)), { recursive: true });
    symlinkSync(target, path.join(folder, place));
  }
}

/**
 * Writes the tree to `outDir` and the tools to `outDir.bin`.
 * @throws Error when `outDir` holds something already, or the capture names a place outside the tree
 */
export function captureTree(captureDir: string, outDir: string): void {
  const bin = `${outDir}.bin`;
  for (const folder of [outDir, bin]) {
    if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`);
  }
  const capture = readCapture(captureDir);
  // Both are worked out before anything is written.
  const [tree, tools] = [treeOf(capture), toolsOf(capture)];
  for (const folder of [outDir, bin]) mkdirSync(folder, { recursive: true });
  write(outDir, tree);
  write(bin, tools);
}
