// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Lab, labIn, labOf } from "./lab";
import { layNetwork, removeNetwork } from "./network";
import { ask, layNode, powerOff, powerOn } from "./node";
import { CONFIGURATION } from "./texts";
import { until } from "./until";

/** What a lab needs of the machine, and the Debian package it is in. */
const NEEDS = [
  ["/usr/sbin/corosync", "corosync"],
  ["/usr/sbin/pacemakerd", "pacemaker"],
  ["/usr/sbin/crm_mon", "pacemaker-cli-utils"],
  ["/usr/lib/ocf/resource.d/pacemaker/Dummy", "pacemaker-resource-agents"],
  ["/usr/sbin/ip", "iproute2"],
] as const;

/** Why no lab can stand on this machine, as a sentence; null when one can. */
export function whyNoLab(): string | null {
  if (process.getuid?.() !== 0) return "A lab cluster needs root, for namespaces.";
  const missing = NEEDS.filter(([file]) => !existsSync(file)).map(([, debian]) => debian);
  return missing.length === 0 ? null : `A lab cluster needs Debian's ${missing.join(", ")}.`;
}

/** A real Corosync and Pacemaker cluster on this machine, up and quorate, with its services started. @throws in words */
export async function clusterUp(dir: string, count: number, name?: string): Promise<Lab> {
  const why = whyNoLab();
  if (why !== null) throw new Error(why);
  const lab = labOf(path.resolve(dir), count, name);
  if (existsSync(path.join(lab.dir, "nodes"))) throw new Error(`A lab cluster stands in ${lab.dir} already.`);
  mkdirSync(lab.dir, { recursive: true });
  writeFileSync(path.join(lab.dir, "nodes"), `${lab.name} ${count}`);
  try {
    layNetwork(lab);
    for (const node of lab.nodes) layNode(lab, node);
    for (const node of lab.nodes) await powerOn(node);
    await configure(lab);
    return lab;
  } catch (error) {
    await clusterDown(lab.dir);
    throw error;
  }
}

async function configure(lab: Lab): Promise<void> {
  const [first] = lab.nodes;
  if (!first) throw new Error("A lab has at least one node.");
  await until(
    async () => ((await ask(first, "crm_mon", "-1", "--output-as=xml"))?.includes('<current_dc present="true"') ? true : null),
    "No cluster controller was elected",
    120_000,
  );
  for (const { section, xml } of CONFIGURATION) {
    const done = await ask(first, "cibadmin", "--modify", "--allow-create", "--scope", section, "--xml-text", xml);
    if (done === null) throw new Error(`Pacemaker refused the lab's ${section}.`);
  }
  await until(
    async () =>
      (await ask(first, "crm_mon", "-1", "--output-as=xml"))?.match(/<resource id="p_address"[^>]* role="Started"/) ? true : null,
    "The lab's services did not start",
    120_000,
  );
}

/** Ends whatever stands in this folder. */
export async function clusterDown(dir: string): Promise<void> {
  const lab = labIn(path.resolve(dir));
  for (const node of lab.nodes) await powerOff(node);
  removeNetwork(lab);
  rmSync(lab.dir, { recursive: true, force: true });
}
