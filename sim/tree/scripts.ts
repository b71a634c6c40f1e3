// SPDX-License-Identifier: Apache-2.0
import type { SimNode } from "@/sim/model/model";
import { monitorStyleOf } from "@/sim/text/crm-mon";
import { distributionOf } from "@/sim/text/versions";
import { actingTools } from "@/sim/tools/catalog";
import { isKnet } from "./corosync-view";
import { hasZfs } from "./pools-view";

/** Where a node's scripts find what they give out. */
export interface ScriptPlaces {
  /** Folder of the answers of this node's tools. */
  answers: string;
  /** Folder in which every reader of a stream makes its own FIFO, for the simulation to write into. */
  streams: string;
  /** Folder in which the acting tools ask the simulation. */
  requests: string;
}

/**
 * The tools of a node, by name: `/bin/sh` that execs `cat`, so that a call costs next to nothing. Those that act hand over what they
 * were started with, and print what the simulation answers.
 */
export function scriptsOf(node: SimNode, places: ScriptPlaces): Record<string, string> {
  return {
    ...Object.fromEntries(Object.keys(actingTools(node)).map((tool) => [tool, script(asking(node, tool, places))])),
    ip: ipScript(node, places),
    ...versionScripts(node, places),
    ...(node.drbd ? { drbdsetup: drbdsetupScript(node, places), drbdadm: drbdadmScript(node, places) } : {}),
    ...(node.pacemakerVersion === null
      ? {}
      : { crm_mon: crmMonScript(node, places, node.pacemakerVersion), cibadmin: cibadminScript(node, places), stdbuf: STDBUF }),
    ...(node.corosyncVersion === null
      ? {}
      : { "corosync-quorumtool": quorumtoolScript(node, places), "corosync-cfgtool": cfgtoolScript(places, node.corosyncVersion) }),
    ...(node.hasDlm ? { dlm_tool: dlmToolScript(places) } : {}),
    ...(hasZfs(node) ? { zpool: zpoolScript(places) } : {}),
  };
}

/** A tool that never answers: it reads a stream into which nothing is written until it is repaired. */
export function hangingScript(node: SimNode, tool: string, places: ScriptPlaces): string {
  return script([stream(node, `hang-${tool}`, places)]);
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const script = (lines: readonly string[]): string => `${["#!/bin/sh", ...lines].join("\n")}\n`;

/** The reader's own FIFO: named by node, stream and process, so that readers come and go without taking lines from each other. */
function stream(node: SimNode, name: string, places: ScriptPlaces): string {
  const fifo = `${quote(`${places.streams}/${node.name}.${name}`)}.$$`;
  return `mkfifo -m 600 ${fifo} && exec cat <${fifo}; exit 1`;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
const STDBUF = script(['while :; do case "$1" in -*) shift ;; *) break ;; esac; done', 'tool="$1"', "shift", 'exec "${0%/*}/$tool" "$@"']);

/** The package manager of the node's distribution, and modinfo where there is a module to ask for. */
function versionScripts(node: SimNode, places: ScriptPlaces): Record<string, string> {
  const answer = (name: string) => script([`exec cat ${quote(`${places.answers}/${name}`)}`]);
  return { [distributionOf(node.kernel).manager]: answer("packages"), ...(node.drbd ? { modinfo: answer("modinfo") } : {}) };
}

function ipScript(node: SimNode, places: ScriptPlaces): string {
  return script([
    `case "$*" in`,
    `"monitor link") ${stream(node, "ip-link", places)} ;;`,
    "esac",
    `echo "ip: this simulated node only knows: ip monitor link" >&2`,
    "exit 1",
  ]);
}

function drbdsetupScript(node: SimNode, places: ScriptPlaces): string {
  const answer = (name: string) => `exec cat ${quote(`${places.answers}/${name}`)}`;
  if (node.drbd?.generation === "8.3") {
    // The 8.3 utilities want a device first: `drbdsetup /dev/drbd0 show`.
    return script([`echo "Cannot determine minor device number of drbd device '$1'" >&2`, "exit 20"]);
  }
  const status =
    node.drbd?.generation === "9"
      ? [`*"status"*"--json"*|*"--json"*"status"*) ${answer("drbdsetup-status.json")} ;;`]
      : [`*"--json"*) echo "$1: unrecognized option '--json'" >&2; exit 20 ;;`];
  return script([
    `case "$*" in`,
    ...status,
    `"events2 --now") ${answer("drbdsetup-events2-now")} ;;`,
    `"events2 --now --statistics"|"events2 --statistics --now") ${stream(node, "events2-now-statistics", places)} ;;`,
    `*"events2"*"--timestamps"*"--statistics"*|*"events2"*"--statistics"*"--timestamps"*) ${stream(node, "events2-statistics-timestamps", places)} ;;`,
    `*"events2"*"--timestamps"*) ${stream(node, "events2-timestamps", places)} ;;`,
    `*"events2"*"--statistics"*) ${stream(node, "events2-statistics", places)} ;;`,
    `*"events2"*) ${stream(node, "events2", places)} ;;`,
    `*"show"*"--show-defaults"*) ${answer("drbdsetup-show-defaults")} ;;`,
    `"show") ${answer("drbdsetup-show")} ;;`,
    "esac",
    `echo "drbdsetup: this simulated node does not know: $*" >&2`,
    "exit 20",
  ]);
}

function drbdadmScript(node: SimNode, places: ScriptPlaces): string {
  const dump = node.drbd?.generation === "9" ? [] : [`"dump-xml") exec cat ${quote(`${places.answers}/drbdadm-dump-xml`)} ;;`];
  const utils = distributionOf(node.kernel).packages["drbd-utils"]?.replace(/-.*$/, "") ?? node.drbd?.version ?? "";
  const version = `"--version") printf 'DRBDADM_API_VERSION=2\\nDRBDADM_VERSION=%s\\n' ${quote(utils)}; exit 0 ;;`;
  const names = `"sh-resources") exec cat ${quote(`${places.answers}/drbdadm-sh-resources`)} ;;`;
  return script([`case "$*" in`, ...dump, names, version, "esac", ...asking(node, "drbdadm", places)]);
}

/** Gives an answer with Pacemaker's exit code of the moment. */
function withExitCode(places: ScriptPlaces, file: string): string {
  const path = quote(`${places.answers}/${file}`);
  return `read -r code <${quote(`${places.answers}/pacemaker.exit`)}; [ "$code" = 0 ] && exec cat ${path}; cat ${path}; exit "$code"`;
}

function crmMonScript(node: SimNode, places: ScriptPlaces, version: string): string {
  const style = monitorStyleOf(version);
  const usage = (option: string) =>
    `echo "crm_mon: unrecognized option '${option}'" >&2; echo "crm_mon - Provides a summary of cluster's current state." >&2; exit 64`;
  if (style.isLegacy) {
    return script([
      `for word in "$@"; do case "$word" in --output-as*|--include*) ${usage("$word")} ;; esac; done`,
      `case "$*" in`,
      `*"-X"*|*"--as-xml"*) ${withExitCode(places, "crm_mon.xml")} ;;`,
      "esac",
      `echo "crm_mon: this simulated node answers with XML only" >&2`,
      "exit 64",
    ]);
  }
  // Before 2.1.0 the loop printed no dots.
  const loop = style.isModern ? "crm_mon" : "crm_mon-silent";
  return script([
    `case "$*" in`,
    `*"-i "*|*"--interval"*) ${stream(node, loop, places)} ;;`,
    `*"--output-as=xml"*|*"--as-xml"*|*"-X"*) ${withExitCode(places, "crm_mon.xml")} ;;`,
    "esac",
    `echo "crm_mon: this simulated node answers with XML only" >&2`,
    "exit 64",
  ]);
}

function cibadminScript(node: SimNode, places: ScriptPlaces): string {
  return script([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    'case "${CIB_file-}$*" in',
    `"-Q"|"--query") ${withExitCode(places, "cib.xml")} ;;`,
    "esac",
    ...asking(node, "cibadmin", places),
  ]);
}

/** The process holds its own FIFO open for both, so that neither side ever waits to open it. */
function asking(node: SimNode, tool: string, places: ScriptPlaces): string[] {
  return [
    `me=${quote(`${places.requests}/${node.name}.${tool}`)}.$$`,
    'mkfifo -m 600 "$me.answer" && exec 3<>"$me.answer" || exit 1',
    `printf '%s\\0' "$PWD" "\${CIB_file-}" "$@" >"$me.new" && mv "$me.new" "$me.ask" || exit 1`,
    "read -r code <&3",
    'cat "$me.stderr" >&2; cat "$me.stdout"; rm -f "$me.answer" "$me.stdout" "$me.stderr"',
    'exit "$code"',
  ];
}

/** Runs the rest where Corosync runs; else says what the tool says where none does. */
function whereCorosyncRuns(places: ScriptPlaces, words: string): string {
  return `read -r code <${quote(`${places.answers}/corosync.exit`)}; [ "$code" = 0 ] || { echo "${words}" >&2; exit 1; }`;
}

function quorumtoolScript(node: SimNode, places: ScriptPlaces): string {
  const answer = quote(`${places.answers}/quorumtool-s`);
  return script([
    whereCorosyncRuns(places, "Cannot initialize CMAP service"),
    `case "$*" in`,
    `"-s") read -r code <${quote(`${places.answers}/quorumtool.exit`)}; [ "$code" = 0 ] && exec cat ${answer}; cat ${answer}; exit "$code" ;;`,
    `"-m") ${stream(node, "quorumtool", places)} ;;`,
    "esac",
    `echo "corosync-quorumtool: this simulated node only answers -s and -m" >&2`,
    "exit 1",
  ]);
}

function cfgtoolScript(places: ScriptPlaces, version: string): string {
  // Before 3.1 there was no -n; the usage goes to nobody, and the exit code is good.
  const nodes = isKnet(version)
    ? `exec cat ${quote(`${places.answers}/cfgtool-n`)}`
    : `echo "corosync-cfgtool: invalid option -- 'n'" >&2; exit 0`;
  return script([
    whereCorosyncRuns(places, "Could not initialize corosync configuration API error 2"),
    `case "$*" in`,
    `"-s") exec cat ${quote(`${places.answers}/cfgtool-s`)} ;;`,
    `"-n") ${nodes} ;;`,
    "esac",
    `echo "corosync-cfgtool: this simulated node only answers -s and -n" >&2`,
    "exit 1",
  ]);
}

function dlmToolScript(places: ScriptPlaces): string {
  return script([
    `case "$*" in`,
    `"ls") exec cat ${quote(`${places.answers}/dlm_tool-ls`)} ;;`,
    `"status") exec cat ${quote(`${places.answers}/dlm_tool-status`)} ;;`,
    "esac",
    `echo "dlm_tool: this simulated node only answers ls and status" >&2`,
    "exit 1",
  ]);
}

function zpoolScript(places: ScriptPlaces): string {
  return script([
    `case "$*" in`,
    `"status -p") exec cat ${quote(`${places.answers}/zpool-status`)} ;;`,
    `"list -Hp -o name,size,allocated") exec cat ${quote(`${places.answers}/zpool-list`)} ;;`,
    "esac",
    `echo "zpool: this simulated node only answers status -p and list -Hp" >&2`,
    "exit 1",
  ]);
}
