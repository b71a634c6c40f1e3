// SPDX-License-Identifier: Apache-2.0
import type { Client, SeenView } from "./api";
import { HOLDERS, MIRROR, RESOURCES } from "./configuration";
import type { labIn } from "./lab";
import { CABLES } from "./layout";

const SERVICES = [RESOURCES.plain, RESOURCES.group, RESOURCES.clone, RESOURCES.promotable];
const PATIENCE_MS = 90_000;

/** What is still amiss in the console's view of the lab, as sentences; empty when it is as it was brought up. */
export function amissIn(view: SeenView): string[] {
  const nodes = view.all("node").filter(({ link, state }) => link !== "live" || state.word !== "online");
  const services = SERVICES.flatMap((id) => view.get("resource", `rsc:${id}`) ?? []).filter(({ said }) => said.level !== "ok");
  const mirror = view.get("mirror", `mirror:${MIRROR}/0`);
  const headline = view.get("cluster", "cluster")?.headline;
  return [
    ...(headline?.level === "ok" ? [] : [headline?.word ?? "no verdict"]),
    ...nodes.map(({ name, link, state }) => `${name} is ${state.word}, its link ${link}`),
    ...services.map(({ id, said }) => `${id}: ${said.word}`),
    ...(mirror?.said.word === "in sync" ? [] : [`${MIRROR}: ${mirror?.said.word ?? "not seen"}`]),
    ...view.all("constraint").flatMap(({ constraint: { id } }) => (/^(cli-|drbd-fence)/.test(id) ? [`constraint ${id}`] : [])),
    ...view.all("fencing").map(({ fencing: { target } }) => `a fencing of ${target} is remembered`),
    ...view.all("ring").flatMap(({ link, said }) => (said.level === "ok" ? [] : [`ring ${link}: ${said.word}`])),
  ];
}

/** Puts right whatever a test broke: power, cables, daemons, agents, console, standby, maintenance, left-over constraints. */
export async function calm(lab: ReturnType<typeof labIn>, client: () => Promise<Client>): Promise<void> {
  await lab.startConsole();
  await Promise.all(lab.nodes.map((name) => Promise.all(CABLES.map((cable) => lab.mend(name, cable)))));
  await Promise.all(lab.nodes.map(lab.powerOn));
  for (const name of lab.nodes) await lab.until(() => settle(lab, name), `${name} does not come to rest`, PATIENCE_MS);
  for (const name of HOLDERS) await lab.setDisk(name, "UpToDate");
  const [first = ""] = lab.nodes;
  await lab.until(
    async () => ((await lab.run(first, "crm_mon", "-1", "--output-as=xml")).stdout.includes('with_quorum="true"') ? true : null),
    "The lab has no quorum",
    PATIENCE_MS,
  );
  await clearOrders(lab, first);
  const viewer = await client();
  let amiss: string[] = [];
  await lab
    .until(
      async () => {
        amiss = amissIn(await viewer.view());
        return amiss.length === 0 || null;
      },
      "The lab does not come to rest",
      PATIENCE_MS,
    )
    .catch((cause: unknown) => {
      throw new Error(`The lab does not come to rest: ${amiss.join("; ")}.`, { cause });
    });
}

/** One node and what runs in it; null when it went off meanwhile, because the others are fencing it just now. */
async function settle(lab: ReturnType<typeof labIn>, name: string): Promise<true | null> {
  await lab.powerOn(name);
  try {
    await lab.resume(name);
    await lab.unfail(name);
    await lab.startPacemaker(name);
    await lab.startAgent(name);
    // Pacemaker that gave up, as one that hears of its own fencing does, stays down until the machine is started again.
    const hasGivenUp = await lab.run(name, "sh", "-c", "test -e /run/lab/booted && ! pidof pacemakerd");
    if (hasGivenUp.exitCode !== 0) return true;
    await lab.kill(name);
    return null;
  } catch (error) {
    if (lab.isOn(name)) throw error;
    return null;
  }
}

/** What people and commands ordered of the cluster. */
async function clearOrders(lab: ReturnType<typeof labIn>, on: string): Promise<void> {
  await lab.run(on, "crm_attribute", "--name", "maintenance-mode", "--delete");
  for (const name of lab.nodes) {
    await lab.run(on, "crm_attribute", "--node", name, "--name", "standby", "--delete");
    await lab.run(on, "crm_attribute", "--node", name, "--name", "maintenance", "--delete");
  }
  for (const id of [RESOURCES.plain, RESOURCES.group, RESOURCES.clone, RESOURCES.promotable]) {
    await lab.run(on, "crm_resource", "--resource", id, "--clear");
    await lab.run(on, "crm_resource", "--resource", id, "--meta", "--delete-parameter", "is-managed");
    await lab.run(on, "crm_resource", "--resource", id, "--meta", "--delete-parameter", "target-role");
  }
  await lab.run(on, "crm_resource", "--cleanup");
  await lab.run(on, "stonith_admin", "--cleanup", "--history", "*");
}
