// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CATALOG } from "../../agent/collectors/catalog";
import { createHost } from "../../agent/host/node-host";
import { readOnce } from "../../agent/once";
import { captureTree } from "../../server/cli/capture-tree";
import { invented } from "./invented";
import type { Result } from "./result";

const SOURCES = ["drbd", "bonding", "aoe", "pacemaker"] as const;

/** One captured node through every collector, against all texts of its folder. */
export async function captured(folder: string): Promise<Result[]> {
  const scratch = mkdtempSync(path.join(tmpdir(), "check-samples-"));
  try {
    const root = path.join(scratch, "tree");
    captureTree(folder, root);
    const texts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    const text = texts.map((entry) => readFileSync(path.join(folder, entry.name), "utf8")).join("\n");
    const host = createHost({ root, bin: `${root}.bin` });
    try {
      const readings = await readOnce(CATALOG, host, SOURCES);
      return SOURCES.flatMap((source): Result[] => {
        const reading = readings[source];
        if (reading === undefined) return [];
        if (reading.status === "absent") return [];
        const kind = `captured ${source}`;
        if (reading.status === "failed") return [{ kind, place: folder, verdict: "refused", why: [reading.error.message] }];
        const why = [...invented(reading.value, text), ...lost(source, reading.value, folder)];
        return [{ kind, place: folder, verdict: why.length > 0 ? "WRONG" : "right", why }];
      });
    } finally {
      host.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What the texts of a captured node say that its value does not: read here a second time, in the plainest way. */
function lost(source: string, value: object, folder: string): string[] {
  const said = JSON.stringify(value);
  const missing = (label: string, words: readonly string[]) =>
    words.filter((word) => !said.includes(JSON.stringify(word))).map((word) => `${label} ${word} is lost`);
  const read = (name: string) => (readdirSync(folder).includes(name) ? readFileSync(path.join(folder, name), "utf8") : "");
  if (source === "drbd" && "devices" in value && Array.isArray(value.devices)) {
    const lines = [...read("proc_drbd").matchAll(/^ *(\d+): cs:(\w+)(?: ro:(\w+)\/(\w+) ds:(\w+)\/(\w+) (.) (\S{6}))?/gm)].map((found) =>
      found.slice(1, 8).map((word) => word ?? ""),
    );
    const ours = value.devices.map((device) => {
      const peer = device.peers[0];
      return [
        device.minor,
        device.cs,
        ...(peer ? [device.role, peer.role, device.disk, peer.disk, peer.protocol ?? " "] : ["", "", "", "", ""]),
      ].map(String);
    });
    return JSON.stringify(lines) === JSON.stringify(ours)
      ? []
      : [`/proc/drbd says ${JSON.stringify(lines)}, we say ${JSON.stringify(ours)}`];
  }
  if (source === "bonding") {
    const names = readdirSync(folder).flatMap((name) => /^proc_net_bonding_(.+)$/.exec(name)?.[1] ?? []);
    const ports = names.flatMap((name) =>
      [...read(`proc_net_bonding_${name}`).matchAll(/^Slave Interface: (\S+)$/gm)].map((found) => found[1] ?? ""),
    );
    return [
      ...missing(
        "bond",
        names.filter((name) => read(`proc_net_bonding_${name}`) !== ""),
      ),
      ...missing("port", ports),
    ];
  }
  if (source === "aoe") {
    const devices = [...read("sys_block_etherd.txt").matchAll(/etherd!(e\d+\.\d+)\/state: /g)].map((found) => found[1] ?? "");
    return missing("device", devices);
  }
  return [];
}
