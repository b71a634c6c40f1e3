// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Cluster, type Fleet, nodeOf, type SimNode, type Trace } from "@/sim/model/model";
import { carries, macOf } from "@/sim/model/network-life";
import type { Scene } from "@/sim/model/scene";
import { play, tick } from "@/sim/model/tick";
import { type EventObject, type EventOptions, renderEventsBetween, renderEventsDump } from "@/sim/text/events2";
import { renderKernelRecord } from "@/sim/text/host";
import { actingTools } from "@/sim/tools/catalog";
import { type ToolAnswer, ToolEnd } from "@/sim/tools/tool";
import { quorumText } from "@/sim/tree/corosync-view";
import { eventObjects } from "@/sim/tree/drbd-objects";
import { treeOf } from "@/sim/tree/node-files";
import { answersOf } from "@/sim/tree/node-tools";
import { hangingScript, type ScriptPlaces, scriptsOf } from "@/sim/tree/scripts";
import { createRequests, type ToolRequest } from "./requests";
import { createStreams, type Greeting } from "./streams";
import { createTreeWriter, type TreeWriter, type Written } from "./tree-writer";

const TICK_MS = 250;

const EVENT_STREAMS: Readonly<Record<string, EventOptions>> = {
  events2: { hasStatistics: false, hasTimestamps: false },
  "events2-statistics": { hasStatistics: true, hasTimestamps: false },
  "events2-timestamps": { hasStatistics: false, hasTimestamps: true },
  "events2-statistics-timestamps": { hasStatistics: true, hasTimestamps: true },
};

/** Asked for so seldom that the answer is made when somebody asks. */
const NOW_STREAMS: Readonly<Record<string, EventOptions>> = { "events2-now-statistics": { hasStatistics: true, hasTimestamps: false } };

interface NodeHold {
  tree: TreeWriter;
  answers: TreeWriter;
  places: ScriptPlaces;
  bin: string;
  bootId: string;
  kernelSequence: number;
  objects: readonly EventObject[];
  /** Quorum and members as last printed, without the time of it. */
  quorum: string;
}

/** Where a node's things lie under the simulation's folder. */
export function nodePlaces(dir: string, node: string) {
  const home = path.join(dir, "nodes", node);
  return {
    home,
    root: path.join(home, "root"),
    bin: path.join(home, "bin"),
    answers: path.join(home, "answers"),
    staging: path.join(home, "staging"),
  };
}

/** The simulated world on disk: keeps trees, tools and streams equal to the model while it moves. */
export function createWorld(options: { dir: string; fleet: Fleet; now: () => number }) {
  const { dir, now } = options;
  let fleet = options.fleet;
  const written: Written = { files: 0, bytes: 0 };
  const holds = new Map<string, NodeHold>();
  const listeners = new Set<(fleet: Fleet) => void>();
  const streams = createStreams(path.join(dir, "streams"), greet);
  const requests = createRequests(path.join(dir, "requests"), answer);
  let timer: NodeJS.Timeout | null = null;

  function change(act: (scene: Scene) => void): void {
    go();
    const changed = play(fleet, act);
    fleet = changed.fleet;
    show(changed.traces);
  }

  function until(is: (fleet: Fleet) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!is(fleet)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
    });
  }

  /** What an acting tool does, and how it ends. */
  async function answer({ node: name, tool, ...asked }: ToolRequest): Promise<ToolAnswer> {
    const { cluster, node } = nodeOf(fleet, name);
    const run = actingTools(node)[tool];
    try {
      if (!run) throw new ToolEnd(127, `${tool}: not found`);
      return await run({ node, cluster, ...asked }, { fleet: () => fleet, change, until });
    } catch (error) {
      if (error instanceof ToolEnd) return { code: error.code, stdout: "", stderr: `${error.message}\n` };
      throw error;
    }
  }

  function holdOf(node: SimNode): NodeHold {
    const known = holds.get(node.name);
    if (known) return known;
    const { root, bin, answers, staging } = nodePlaces(dir, node.name);
    mkdirSync(root, { recursive: true });
    mkdirSync(bin, { recursive: true });
    const made: NodeHold = {
      tree: createTreeWriter(root, staging, written),
      answers: createTreeWriter(answers, staging, written),
      places: { answers, streams: path.join(dir, "streams"), requests: path.join(dir, "requests") },
      bin,
      bootId: "",
      kernelSequence: 0,
      objects: [],
      quorum: "",
    };
    holds.set(node.name, made);
    for (const [tool, text] of Object.entries(scriptsOf(node, made.places))) putTool(made, tool, text);
    return made;
  }

  function putTool(hold: NodeHold, tool: string, text: string, mode = 0o755): void {
    const fresh = path.join(hold.bin, `..`, `${tool}.fresh`);
    writeFileSync(fresh, text);
    chmodSync(fresh, mode);
    renameSync(fresh, path.join(hold.bin, tool));
  }

  /** What a stream's new reader gets first; null: nobody is there to answer. */
  function greet(name: string, stream: string): Greeting | null {
    const { cluster, node } = nodeOf(fleet, name);
    if (node.power !== "on") return null;
    const now = NOW_STREAMS[stream];
    if (now) return { text: renderEventsDump(eventObjects(cluster, node), now, fleet.atMs), isWhole: true };
    const events = EVENT_STREAMS[stream];
    if (events) return { text: renderEventsDump(eventObjects(cluster, node), events, fleet.atMs), isWhole: false };
    if (stream === "quorumtool") return { text: quorumText(cluster, node, fleet.atMs), isWhole: false };
    // A first dot: the reader looks, and knows that the bell works.
    return { text: stream === "crm_mon" ? "." : "", isWhole: false };
  }

  function showNode(cluster: Cluster, node: SimNode): void {
    if (node.power !== "on") {
      if (holds.has(node.name)) streams.end(node.name, null);
      return;
    }
    const hold = holdOf(node);
    if (hold.bootId !== node.bootId) {
      hold.bootId = node.bootId;
      hold.kernelSequence = 0;
      hold.objects = eventObjects(cluster, node);
      hold.tree.begin("/dev/kmsg", "");
    }
    hold.tree.apply(treeOf(cluster, node, fleet.atMs));
    hold.answers.apply(answersOf(cluster, node, fleet.atMs));
    const objects = eventObjects(cluster, node);
    for (const [stream, events] of Object.entries(EVENT_STREAMS)) {
      streams.write(node.name, stream, () => renderEventsBetween(hold.objects, objects, events, fleet.atMs));
    }
    hold.objects = objects;
    if (node.corosyncVersion === null) return;
    const quorum = quorumText(cluster, node, 0);
    if (quorum !== hold.quorum) streams.write(node.name, "quorumtool", () => quorumText(cluster, node, fleet.atMs));
    hold.quorum = quorum;
  }

  function showTrace(trace: Trace): void {
    switch (trace.kind) {
      case "kernel": {
        const { node } = nodeOf(fleet, trace.node);
        const hold = holdOf(node);
        const record = {
          priority: trace.priority,
          sequence: hold.kernelSequence,
          sinceBootMs: trace.atMs - node.bootedAtMs,
          text: trace.text,
        };
        hold.kernelSequence += 1;
        hold.tree.append("/dev/kmsg", renderKernelRecord(record));
        break;
      }
      case "pacemaker":
        for (const node of fleet.clusters.find((cluster) => cluster.slug === trace.cluster)?.nodes ?? [])
          streams.write(node.name, "crm_mon", () => ".");
        break;
      case "link":
        streams.write(trace.node, "ip-link", () => linkLine(nodeOf(fleet, trace.node).node, trace.name));
        break;
    }
  }

  function show(traces: readonly Trace[]): void {
    for (const cluster of fleet.clusters) for (const node of cluster.nodes) showNode(cluster, node);
    // After the trees: who is woken by a line reads what it speaks of.
    for (const trace of traces) showTrace(trace);
    for (const listener of listeners) listener(fleet);
  }

  function go(): void {
    const moved = tick(fleet, Math.max(0, now() - fleet.atMs));
    fleet = moved.fleet;
    show(moved.traces);
  }

  return {
    written,
    streams,
    fleet: () => fleet,
    /** Brings everything up to the clock once; the first call lays the trees down. */
    go,
    start(): void {
      timer ??= setInterval(go, TICK_MS);
    },
    /** Changes the world now, and shows it at once. */
    change,
    onChange(listener: (fleet: Fleet) => void): void {
      listeners.add(listener);
    },
    tools: (node: string) => Object.keys(scriptsOf(nodeOf(fleet, node).node, { answers: "", streams: "", requests: "" })),
    /** Makes a tool hang, forbids it to everybody, or gives it back. */
    setTool(name: string, tool: string, state: "works" | "hangs" | "forbidden"): void {
      const { node } = nodeOf(fleet, name);
      const hold = holdOf(node);
      const text = scriptsOf(node, hold.places)[tool];
      if (text === undefined)
        throw new Error(`${name} has no tool ${tool}. Tools: ${Object.keys(scriptsOf(node, hold.places)).join(", ")}.`);
      putTool(hold, tool, state === "hangs" ? hangingScript(node, tool, hold.places) : text, state === "forbidden" ? 0o600 : 0o755);
      if (state !== "hangs") streams.end(name, `hang-${tool}`);
    },
    stop(): void {
      if (timer) clearInterval(timer);
      requests.close();
      streams.close();
    },
  };
}
export type World = ReturnType<typeof createWorld>;

/** What `ip monitor link` prints for a changed link. */
function linkLine(node: SimNode, name: string): string {
  const isUp = carries(node, name);
  const master = node.bonds.find((bond) => bond.members.some((member) => member.name === name))?.name;
  const flags = isUp ? "BROADCAST,MULTICAST,SLAVE,UP,LOWER_UP" : "NO-CARRIER,BROADCAST,MULTICAST,SLAVE,UP";
  const mtu = [...node.ports, ...node.bonds].find((one) => one.name === name)?.mtu ?? 1_500;
  const index = 2 + node.ports.findIndex((port) => port.name === name);
  return `${index}: ${name}: <${flags}> mtu ${mtu} qdisc mq ${master ? `master ${master} ` : ""}state ${isUp ? "UP" : "DOWN"} group default \n    link/ether ${macOf(node, name)} brd ff:ff:ff:ff:ff:ff\n`;
}
