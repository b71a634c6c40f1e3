// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CATALOG } from "../../agent/collectors/catalog";
import { createHost } from "../../agent/host/node-host";
import { readOnce } from "../../agent/once";
import type { Result } from "./result";

/** A CIB through the agent with Pacemaker's own tools on it, held to what `crm_mon` prints, read a second time in the plainest way. */
export async function byPacemaker(place: string): Promise<Result[]> {
  const kind = "cib with CIB_file";
  const env = { ...process.env, CIB_file: path.resolve(place), LC_ALL: "C" };
  const mon = spawnSync("crm_mon", ["-1", "--output-as=xml", "--inactive"], { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (mon.error) return [];
  const scratch = mkdtempSync(path.join(tmpdir(), "check-samples-"));
  const host = createHost({ root: scratch, cibFile: path.resolve(place) });
  try {
    const { pacemaker } = await readOnce(CATALOG, host, ["pacemaker"]);
    if (pacemaker?.status !== "ok")
      return [{ kind, place, verdict: "refused", why: [pacemaker?.status === "failed" ? pacemaker.error.message : "absent"] }];
    const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
    const tags = (name: string) => [...mon.stdout.matchAll(new RegExp(`<${name} [^>]*>`, "g"))].map(([tag]) => tag);
    const nodes = tags("node")
      .filter((tag) => tag.includes(" online="))
      .map((tag) => ["id", "name", "online", "standby", "pending", "unclean"].map((name) => attribute(tag, name)).join(" "));
    const resources = tags("resource")
      .filter((tag) => tag.includes(" resource_agent="))
      .map((tag) => ["id", "role", "failed", "managed"].map((name) => attribute(tag, name)).join(" "));
    const { value } = pacemaker;
    const ours = [
      value.nodes.map((node) => `${node.id} ${node.name} ${node.online} ${node.standby} ${node.pending} ${node.unclean}`),
      value.resources.map((one) => `${one.id} ${one.role} ${one.failed} ${one.managed}`),
    ];
    const why = [nodes, resources].flatMap((said, at) => lists(said, ours[at] ?? []));
    if (!value.source.startsWith("crm_mon")) return [{ kind, place, verdict: "plausible", why: [`answered by ${value.source}`] }];
    return [{ kind, place, verdict: why.length > 0 ? "WRONG" : "right", why }];
  } finally {
    host.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function lists(said: readonly string[], ours: readonly string[]): string[] {
  const [a, b] = [[...said].sort(), [...ours].sort()];
  return [
    ...a.filter((one) => !b.includes(one)).map((one) => `crm_mon: ${one}`),
    ...b.filter((one) => !a.includes(one)).map((one) => `we: ${one}`),
  ];
}
