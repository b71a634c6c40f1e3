// SPDX-License-Identifier: Apache-2.0
import { until } from "@/lab/cluster/until";
import { CLIENT, lan } from "./layout";
import type { Machine } from "./machine";

/** Pacemaker's way up under emulation takes minutes where others use the same processors. */
const CLUSTER_MS = 900_000;

/** What a machine starts with itself, at every boot. */
export async function startServices(machine: Machine): Promise<void> {
  await machine.must(machine.plan.isStorage ? "/lab/storage.sh" : "/lab/client.sh");
}

/** Corosync and Pacemaker of a storage node. */
export async function startCluster(machine: Machine): Promise<void> {
  if (machine.plan.isStorage) await machine.must("/lab/cluster.sh");
}

/** Waits for a fact that a command in the guest tells; one that fails tells nothing yet. */
function told(machine: Machine, command: string, isSo: (said: string) => boolean, what: string): Promise<true> {
  return until(
    async () => {
      const { stdout } = await machine.run(command);
      if (isSo(stdout)) return true;
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // each look costs the guest a second
      return null;
    },
    `${machine.name}: ${what}`,
    CLUSTER_MS,
  );
}

/** Both sides of every mirror hold the same from the start, which is nothing: the first resync is left out. */
export async function makeMirrors(nodes: readonly Machine[]): Promise<void> {
  const [first] = nodes;
  if (!first) return;
  await Promise.all(nodes.map((node) => node.must("until drbdadm adjust store; do sleep 1; done")));
  for (const mirror of ["store", "spare"]) {
    await told(first, `drbdadm cstate ${mirror}`, (said) => said.startsWith("Connected"), `${mirror} does not connect`);
    await first.must(`drbdadm -- --clear-bitmap new-current-uuid ${mirror}/0`);
    await told(first, `drbdadm dstate ${mirror}`, (said) => said.startsWith("UpToDate/UpToDate"), `${mirror} is not in sync`);
  }
  await Promise.all(nodes.map((node) => node.must("drbdadm down store")));
}

/** The cluster on its storage nodes, configured once as an admin would; then its services run. */
export async function makeCluster(nodes: readonly Machine[]): Promise<void> {
  const [first] = nodes;
  if (!first) return;
  await Promise.all(nodes.map(startCluster));
  const areOnline = (said: string) => (said.match(/ online="true"/g) ?? []).length >= nodes.length;
  await told(first, "crm_mon -1 --output-as=xml", areOnline, "Pacemaker has not all its nodes");
  await first.must("crm -F configure load update /lab/cluster.crm");
  const isUp = (said: string) => /<resource id="p_address"[^>]* role="Started"/.test(said);
  await told(first, "crm_mon -1 --output-as=xml", isUp, "the cluster's services did not start");
}

/** The client logs in to the target and finds the AoE device. */
export async function connectClient(machines: readonly Machine[]): Promise<void> {
  const client = machines.find(({ name }) => name === CLIENT);
  if (!client) return;
  await client.must(`iscsiadm -m discovery -t st -p ${lan.serviceAddress} && iscsiadm -m node --login`);
  await told(client, "ls /dev/disk/by-path/", (said) => said.includes("lun-1"), "the LUN does not appear");
  await told(client, "aoe-discover; sleep 1; aoe-stat", (said) => said.includes("e0.0"), "the AoE device does not appear");
}
