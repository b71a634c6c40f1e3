// SPDX-License-Identifier: Apache-2.0
import type { Agents } from "./agents";
import type { Cables } from "./cables";
import type { LabNode } from "./layout";
import { ask, pidOf, powerOff, powerOn } from "./node";
import type { Overlay } from "./overlay";
import { until } from "./until";

/** One order that a fence agent inside a node gave. */
export interface Fencing {
  atMs: number;
  action: string;
  target: string;
  /** The node whose fence agent asked. */
  by: string;
}

/**
 * Waits until the node that asked for a fencing has told the others that it succeeded, and the cluster knows the node to be gone: one
 * that is back before hears that it was fenced, and stays down. A real machine's boot takes longer than that. Where it cannot be asked
 * any more, so be it.
 */
async function fencingTold(by: LabNode, target: LabNode, isOver: () => boolean): Promise<void> {
  await until(async () => {
    if (pidOf(by) === null || isOver()) return true;
    const history = await ask(by, "stonith_admin", "--history", target.name, "--output-as=xml");
    if (history === null || history.includes('status="pending"')) return null;
    const monitor = await ask(by, "crm_mon", "-1", "--output-as=xml");
    const words = new RegExp(`<node name="${target.name}" [^>]*>`).exec(monitor ?? "")?.[0] ?? "";
    return words.includes('online="false"') && words.includes('unclean="false"') ? true : null;
  }, `The fencing of ${target.name} does not end`);
}

/** The nodes' power: of the machine, of its overlay tree and of its agent, one change at a time for each node. */
export function tendPower({ overlay, agents, cables }: { overlay: Overlay; agents: Agents; cables: Cables }) {
  const fencings: Fencing[] = [];
  /** Nodes without mains: they stay off whoever asks. */
  const dead = new Set<string>();
  const turns = new Map<string, Promise<void>>();
  let isOver = false;

  function inTurn(node: LabNode, act: () => Promise<void>): Promise<void> {
    const turn = (turns.get(node.name) ?? Promise.resolve()).then(act);
    turns.set(
      node.name,
      turn.catch(() => undefined), // whoever asked is told; the next one begins anew
    );
    return turn;
  }

  async function off(node: LabNode): Promise<void> {
    cables.powerOff(node);
    await powerOff(node);
    overlay.powerOff(node.name);
  }
  async function on(node: LabNode): Promise<void> {
    if (isOver || pidOf(node) !== null || dead.has(node.name)) return;
    cables.powerOn(node);
    await powerOn(node);
    await overlay.powerOn(node.name);
    agents.start(node);
  }

  async function boot(node: LabNode, by: LabNode): Promise<void> {
    await fencingTold(by, node, () => isOver);
    await on(node);
  }

  return {
    /** The plug is pulled and put back: the node is off until somebody powers it on, as fencing does. */
    kill: (node: LabNode) => inTurn(node, () => off(node)),
    /** Off, and fencing cannot bring it back. */
    unplug(node: LabNode): Promise<void> {
      dead.add(node.name);
      return inTurn(node, () => off(node));
    },
    plugIn(node: LabNode): Promise<void> {
      dead.delete(node.name);
      return inTurn(node, () => on(node));
    },
    /** From now on nothing is powered on any more. */
    async end(): Promise<void> {
      isOver = true;
      await Promise.all(turns.values());
    },
    fencings: (): readonly Fencing[] => fencings,
    /** What a power switch is asked; exit code of the fence agent. Units: 0 done or on, 2 off. */
    async order(node: LabNode, action: string, by: LabNode): Promise<number> {
      if (action === "monitor") return 0;
      if (action === "status") return pidOf(node) === null ? 2 : 0;
      fencings.push({ atMs: Date.now(), action, target: node.name, by: by.name });
      if (action === "off" || action === "reboot") await inTurn(node, () => off(node));
      // Power is back at once; the machine's own time to boot passes before anything of it is on the network.
      if (action === "on" || action === "reboot")
        inTurn(node, () => boot(node, by)).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
      return 0;
    },
  };
}
export type Power = ReturnType<typeof tendPower>;
