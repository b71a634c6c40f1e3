// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Act, Acts } from "../desk";
import type { Agents } from "./agents";
import type { Cables } from "./cables";
import type { LabConsole } from "./console";
import { CABLES, type LabNode, type Layout, nodeIn } from "./layout";
import { ask, inNode, pidOf, run, wakeEntrances } from "./node";
import type { Overlay } from "./overlay";
import type { Power } from "./power";
import { until } from "./until";

/** What the lab consists of while it runs. */
export interface Parts {
  layout: Layout;
  overlay: Overlay;
  cables: Cables;
  agents: Agents;
  power: Power;
  console: LabConsole;
}

type ClusterAct = Act<Parts>;

const Cable = z.enum(CABLES);
const Disk = z.enum(["UpToDate", "Inconsistent", "Outdated", "Diskless"]);
const Wish = z.enum(["up", "down", "promote", "demote"]);
const NODE_ONLY = ["NODE"] as const;

/** What an act does to the lab's state: "the agent of ruby is stopped". */
type Trouble = Pick<ClusterAct, "breaks" | "mends">;
const breaks = (what: string): Trouble => ({ breaks: (_, [name = ""]) => ({ what: what.replace("NODE", name) }) });
/** The same until the node is switched off: what boots is well again. */
const breaksUntilOff = (what: string): Trouble => ({
  breaks({ layout }, [name = ""]) {
    const node = nodeIn(layout, name);
    const was = pidOf(node);
    return { what: what.replace("NODE", name), isOver: () => pidOf(node) !== was };
  },
});
const mends = (what: string): Trouble => ({ mends: ([name = ""]) => what.replace("NODE", name) });
const HUNG = "NODE is hung";
const NO_PACEMAKER = "Pacemaker on NODE is stopped";
const NO_AGENT = "the agent of NODE is stopped";

/** An act on one node. */
function onNode(about: string, act: (parts: Parts, node: LabNode) => unknown, trouble: Trouble = {}): ClusterAct {
  return {
    args: NODE_ONLY,
    about,
    ...trouble,
    async run(parts, [name = ""]) {
      await act(parts, nodeIn(parts.layout, name));
      return undefined;
    },
  };
}

const notUpToDate = (name: string | undefined) => `the copy of ${name} is not UpToDate`;
const cableOut = ([name, which]: readonly string[]) => `the cable ${which} of ${name} is out`;

function cable(about: string, state: "in" | "out"): ClusterAct {
  return {
    args: ["NODE", "CABLE"],
    about,
    ...(state === "out" ? { breaks: (_, args) => ({ what: cableOut(args) }) } : { mends: cableOut }),
    async run({ layout, cables }, [name = "", which]) {
      cables.set(nodeIn(layout, name), Cable.parse(which), state);
      return undefined;
    },
  };
}

const pacemakerd = (node: LabNode) => ask(node, "pidof", "pacemakerd");
/** There while somebody has stopped Pacemaker; a node that boots starts its own. */
const STOPPED = "/run/lab/pacemaker-stopped";

async function stopPacemaker(node: LabNode): Promise<void> {
  const pid = (await pacemakerd(node))?.trim();
  if (pid === undefined) return;
  await run(node, "touch", STOPPED);
  await run(node, "kill", "-TERM", pid);
  await until(async () => ((await pacemakerd(node)) === null ? true : null), `${node.name}: Pacemaker does not end`, 120_000);
}

async function startPacemaker(node: LabNode): Promise<void> {
  if ((await ask(node, "rm", STOPPED)) === null) return;
  const env = { ...process.env, PCMK_logfile: "/var/log/pacemaker/pacemaker.log", HA_LOGFACILITY: "none" };
  inNode(node, "pacemakerd", [], { detached: true, stdio: "ignore", env }).unref();
  await until(() => pacemakerd(node), `${node.name}: Pacemaker does not start`);
}

/** Everything that can be asked of a running lab, by its word. */
export const ACTS: Acts<Parts> = {
  kill: onNode("pull a node's plug: the others fence it, and it boots again", ({ power }, node) => power.kill(node)),
  unplug: onNode("pull a node's plug for good: fencing cannot bring it back", ({ power }, node) => power.unplug(node)),
  "plug-in": onNode("give a node power again", ({ power }, node) => power.plugIn(node)),
  pause: onNode(
    "stop everything in a node, as a hung kernel does",
    (_, node) => run(node, "/bin/kill", "-STOP", "-1"),
    breaksUntilOff(HUNG),
  ),
  resume: onNode(
    "let it run on",
    async (_, node) => {
      await run(node, "/bin/kill", "-CONT", "-1");
      wakeEntrances(pidOf(node) ?? 0);
    },
    mends(HUNG),
  ),
  cut: cable(`pull a node's cable at the switch: ${CABLES.join(", ")}`, "out"),
  mend: cable("put it back", "in"),
  "stop-pacemaker": onNode("stop Pacemaker on a node, Corosync stays", (_, node) => stopPacemaker(node), breaksUntilOff(NO_PACEMAKER)),
  "start-pacemaker": onNode("start it again", (_, node) => startPacemaker(node), mends(NO_PACEMAKER)),
  "stop-agent": onNode("end a node's agent", ({ agents }, node) => agents.stop(node), breaks(NO_AGENT)),
  "start-agent": onNode("start it again", ({ agents }, node) => agents.start(node), mends(NO_AGENT)),
  "kill-console": { args: [], about: "kill -9 the console", run: ({ console }) => console.kill().then(() => undefined) },
  "start-console": { args: [], about: "start it again", run: ({ console }) => console.startAgain().then(() => undefined) },
  disk: {
    args: ["NODE", "STATE"],
    about: `another state of a node's copy of the mirror: ${Disk.options.join(", ")}`,
    breaks: (_, [name, disk]) => (disk === "UpToDate" ? null : { what: notUpToDate(name) }),
    mends: ([name, disk]) => (disk === "UpToDate" ? notUpToDate(name) : null),
    async run({ layout, overlay }, [name = "", disk]) {
      overlay.setDisk(nodeIn(layout, name).name, Disk.parse(disk));
      return undefined;
    },
  },
  fencings: {
    args: [],
    about: "what the power switches were asked so far",
    run: async ({ power }) => ({ exitCode: 0, message: JSON.stringify(power.fencings()) }),
  },
  fence: {
    args: ["ACTION", "NODE", "BY"],
    about: "",
    run: async ({ layout, power }, [action = "", name = "", by = ""]) => ({
      exitCode: await power.order(nodeIn(layout, name), action, nodeIn(layout, by)),
      message: "",
    }),
  },
  mirror: {
    args: ["WISH", "NODE"],
    about: "",
    async run({ layout, overlay }, [wish, name = ""]) {
      await overlay.tendMirror(nodeIn(layout, name).name, Wish.parse(wish));
      return undefined;
    },
  },
};
