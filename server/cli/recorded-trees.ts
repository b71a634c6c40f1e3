// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { captureTree } from "./capture-tree";
import { CliError } from "./cli-error";
import { nameOfTree, type RecordedTree, textOf, treeOfFile } from "./recorded-files";

/** Most nodes that a console takes in one recording. */
const MAX_TREES = 64;

const has = (folder: string, name: string) => existsSync(path.join(folder, name));

/** A root as the kernel shows it, or part of one. */
function isTree(folder: string): boolean {
  return ["proc", "sys", "var"].some((name) => has(folder, name) && statSync(path.join(folder, name)).isDirectory());
}

/** One folder that is one node's recording; null when it is none. */
function treeOfFolder(folder: string, scratch: string, name: string | null, mayRunTools: boolean): RecordedTree | null {
  const beside = `${path.resolve(folder)}.bin`;
  const cibFile = has(folder, "cib.xml") ? path.resolve(folder, "cib.xml") : null;
  if (has(folder, "_commands.txt")) {
    const root = path.join(scratch, "tree");
    captureTree(folder, root);
    return { node: name ?? nameOfTree(root, folder), root, bin: `${root}.bin`, cibFile: null, sources: null };
  }
  if (isTree(folder)) {
    const bin = mayRunTools && existsSync(beside) ? beside : null;
    return { node: name ?? nameOfTree(folder, folder), root: folder, bin, cibFile, sources: null };
  }
  if (has(folder, "crm_mon.xml")) {
    const tree = treeOfFile(path.join(folder, "crm_mon.xml"), scratch, name);
    // What crm_mon said then is better than what the tools here make of the CIB; that one adds the constraints.
    return { ...tree, cibFile };
  }
  return cibFile === null ? null : treeOfFile(cibFile, scratch, name);
}

/**
 * The recorded nodes at a place: a file, one node's folder, or a folder with one folder per node, named by it.
 * `scratch(n)` gives an empty folder that is removed afterwards. `mayRunTools`: the recorded tools beside a tree (NAME.bin) are
 * programs; whoever made the recording decides what they do, so they run only where the opener says so.
 * @throws CliError when nothing there can be opened
 */
export function recordedTrees(
  place: string,
  scratch: (name: string) => string,
  { node, mayRunTools }: { node: string | null; mayRunTools: boolean },
): RecordedTree[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) throw new CliError(`${place} is not there.`, 2);
  if (found.isFile()) return [treeOfFile(place, scratch("file"), node)];
  if (!found.isDirectory()) throw new CliError(`${place} is neither a file nor a folder.`, 2);
  const own = treeOfFolder(place, scratch("folder"), node, mayRunTools);
  if (own) return [own];
  const folders = readdirSync(place, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.endsWith(".bin"));
  if (folders.length > MAX_TREES)
    throw new CliError(`${place} holds ${folders.length} folders; a recording has at most ${MAX_TREES} nodes.`, 2);
  const trees = folders.flatMap(({ name }) => treeOfFolder(path.join(place, name), scratch(name), null, mayRunTools) ?? []);
  if (trees.length === 0)
    throw new CliError(
      `${place} holds nothing that can be opened: no recorded tree (with proc/ or sys/), no folder per node with one, no cib.xml or crm_mon.xml.`,
      2,
    );
  return trees;
}

/** The moment that a recording itself tells, or the newest of its files' dates. Units: epoch ms. */
export function momentOf(place: string): { atMs: number; atFrom: "recording" | "fileDates" } {
  const told = toldMoments(place);
  const newest = Math.max(...told);
  return told.length > 0 ? { atMs: newest, atFrom: "recording" } : { atMs: newestDate(place), atFrom: "fileDates" };
}

function toldMoments(place: string): number[] {
  if (!statSync(place).isDirectory()) return momentIn(place);
  const folders = readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [path.join(place, entry.name)] : [],
  );
  return [place, ...folders.slice(0, MAX_TREES)].flatMap((folder) =>
    ["_time", "crm_mon.xml"].flatMap((name) => (has(folder, name) ? momentIn(path.join(folder, name)) : [])),
  );
}

/** A time with its offset; one without would be read in this machine's zone, and be wrong by hours. */
const MOMENT = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?[+-]\d\d:?\d\d|Z)/;

function momentIn(file: string): number[] {
  const text = textOf(file);
  const said = path.basename(file) === "_time" ? text.split("\n")[0] : /<last_update time="([^"]*)"/.exec(text)?.[1];
  const moment = MOMENT.exec(said ?? "")?.[0];
  const atMs = moment === undefined ? Number.NaN : Date.parse(moment.replace(/^(\S+) (\d\d:)/, "$1T$2").replace(" ", ""));
  return Number.isNaN(atMs) ? [] : [atMs];
}

/** Files looked at for their dates. */
const MAX_LOOKED_AT = 20_000;

function newestDate(place: string): number {
  let newestMs = 0;
  let left = MAX_LOOKED_AT;
  const look = (at: string): void => {
    left -= 1;
    const found = statSync(at, { throwIfNoEntry: false });
    if (!found || left < 0) return;
    if (found.isFile()) newestMs = Math.max(newestMs, Math.round(found.mtimeMs));
    // A link may lead out of the recording, or round in it.
    else if (found.isDirectory())
      for (const entry of readdirSync(at, { withFileTypes: true })) if (!entry.isSymbolicLink()) look(path.join(at, entry.name));
  };
  look(place);
  return newestMs;
}
