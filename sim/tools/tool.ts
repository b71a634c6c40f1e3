// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { type CibNode, readCib, writeCib } from "@/sim/cib/tree";
import type { Cluster, Fleet, SimNode } from "@/sim/model/model";
import { pacemakerAnswers } from "@/sim/model/quorum";
import type { Scene } from "@/sim/model/scene";

/** A tool was started on a node. */
export interface ToolCall {
  node: SimNode;
  cluster: Cluster;
  args: readonly string[];
  pid: number;
  cwd: string;
  /** `CIB_file`: the tool works on this copy instead of on the cluster. */
  cibFile: string | null;
}

/** How it ended. */
export interface ToolAnswer {
  code: number;
  stdout: string;
  stderr: string;
}

/** What a tool can do to the world. */
export interface ToolReach {
  fleet(): Fleet;
  change(act: (scene: Scene) => void): void;
  /** Resolves when it has become so. */
  until(is: (fleet: Fleet) => boolean): Promise<void>;
}

export type Tool = (call: ToolCall, reach: ToolReach) => ToolAnswer | Promise<ToolAnswer>;

export const done = (stdout = ""): ToolAnswer => ({ code: 0, stdout, stderr: "" });

/** A tool ends with what it says to people and its exit code. */
export class ToolEnd extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Exit codes of Pacemaker's tools. Source: `crm_exit_t`, include/crm/common/results.h. */
export const EXIT = { usage: 64, schema: 78, notConnected: 102, old: 103, noSuch: 105, exists: 108 } as const;

/** Options by their long names: "x" takes no value, "x=" does; a letter after a space is its short name. */
export type OptionList = readonly string[];

/** The options that were given, by long name. @throws ToolEnd on what this tool does not know */
export function optionsOf(tool: string, list: OptionList, args: readonly string[]): ReadonlyMap<string, string> {
  const options = Object.fromEntries(
    list.map((entry) => {
      const [name = "", short] = entry.split(" ");
      const type = name.endsWith("=") ? ("string" as const) : ("boolean" as const);
      return [name.replace("=", ""), { type, ...(short === undefined ? {} : { short }) }];
    }),
  );
  try {
    const { values } = parseArgs({ args: [...args], options, allowPositionals: false });
    return new Map(Object.entries(values).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    throw new ToolEnd(EXIT.usage, `${tool}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws ToolEnd where Pacemaker does not run */
export function needCluster(call: ToolCall, tool: string): void {
  if (!pacemakerAnswers(call.cluster, call.node.name))
    throw new ToolEnd(EXIT.notConnected, `${tool}: Could not connect to the cluster: Transport endpoint is not connected`);
}

/** A file as the tool's process would find it. */
export function readTheCib(call: ToolCall, file: string): CibNode {
  try {
    return readCib(readFileSync(path.resolve(call.cwd, file), "utf8"));
  } catch (error) {
    throw new ToolEnd(EXIT.noSuch, `Could not read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function writeText(call: ToolCall, file: string, text: string): void {
  writeFileSync(path.resolve(call.cwd, file), text);
}

/** Edits the copy that `CIB_file` names: a new epoch when anything changed. @throws ToolEnd where there is no copy */
export function editCopy(call: ToolCall, tool: string, edit: (cib: CibNode) => void): void {
  const { cibFile } = call;
  // The agent changes the cluster by patches only; here nobody else asks.
  if (cibFile === null) throw new ToolEnd(EXIT.usage, `${tool}: on this simulated node only with CIB_file`);
  const cib = readTheCib(call, cibFile);
  const before = writeCib(cib);
  edit(cib);
  if (writeCib(cib) === before) return;
  Object.assign(cib.attributes, { epoch: String(Number(cib.attributes.epoch) + 1), num_updates: "0" });
  writeText(call, cibFile, writeCib(cib));
}
