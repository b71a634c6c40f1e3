// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { HostFacts } from "@/agent/protocol/model/host";
import { counted, formatBytes } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";

/** The hosts whose reading may be believed now. */
function hosts(view: ViewSoFar): { key: string; name: string; host: HostFacts }[] {
  return every(view, "node").flatMap(([key, { name, host, link }]) => {
    const source = view.get(keyOf.source(name, "host"));
    const isCurrent = source?.kind === "source" && source.status === "ok" && source.freshness === "live";
    return host !== null && link === "live" && isCurrent ? [{ key, name, host }] : [];
  });
}

/** Memory that the machine itself found wrong. */
export const eccErrors = defineRule({
  name: "ecc-errors",
  doc: {
    area: "nodes",
    title: "Memory errors",
    means: "ECC counts errors of the memory: uncorrected ones are wrong data, corrected ones a module that ages.",
    levels: ["risk", "absent"],
    fires: "The kernel's EDAC counts uncorrected errors since boot (at risk), or corrected ones (good to know).",
    not: "Machines without EDAC: whether their memory errs nobody knows.",
    todo: "Find the module (edac-util -v, the kernel log) and replace it.",
    needs: [114],
  },
  find(view) {
    return hosts(view).flatMap(({ key, name, host }) => {
      const wrong = host.eccUncorrected ?? 0;
      const right = host.eccCorrected ?? 0;
      if (wrong === 0 && right === 0) return [];
      return [
        {
          id: `ecc-errors:${name}`,
          level: wrong > 0 ? ("risk" as const) : ("absent" as const),
          title: `${name}: ${wrong > 0 ? counted(wrong, "uncorrected memory error") : counted(right, "corrected memory error")} since boot`,
          why:
            wrong > 0
              ? "What was read there was wrong: a mirror copies it faithfully."
              : "ECC repaired them; a module that errs often fails one day.",
          todo: `edac-util -v and the kernel log of ${name} name the module.`,
          about: [key],
        },
      ];
    });
  },
});

/** Share of memory below which a machine thrashes. */
const LOW = 0.04;
/** Once told it stands until it is well above. */
const CALM = 0.08;

/** A node has hardly any memory left: monitors time out then, and the node is fenced. */
export const nodeMemory = defineRule({
  name: "node-memory",
  doc: {
    area: "nodes",
    title: "A node has hardly any memory left",
    means: "It thrashes: monitors of services time out, and a stop that times out is a fencing.",
    levels: ["risk"],
    fires: `Less than ${LOW * 100} % of the memory is available; over above ${CALM * 100} %.`,
    not: "Memory that only caches hold: that is available.",
    todo: "Find what takes it (ps, slabtop), before it is fenced.",
    needs: [104],
  },
  find(view, { findingSince }) {
    return hosts(view).flatMap(({ key, name, host }) => {
      const { memoryTotalBytes: total, memoryAvailableBytes: left } = host;
      const id = `node-memory:${name}`;
      if (!total || left === null || left / total >= (findingSince.has(id) ? CALM : LOW)) return [];
      return [
        {
          id,
          level: "risk" as const,
          title: `${name} has hardly any memory left`,
          why: `${formatBytes(left)} of ${formatBytes(total)} are available. When it thrashes, monitors time out and the node is fenced.`,
          todo: `Find what takes it on ${name}: ps, slabtop.`,
          about: [key],
        },
      ];
    });
  },
});

/** A hung task is told by the kernel after two minutes; what was told this long ago may be over. */
const RECENT_MS = 600_000;

/** The kernel looks every 120 s (hung_task_timeout_secs), and says so each time while a task hangs; with the time that a line takes. */
const REPEATED_MS = 130_000;
/** Then it says no more, though they may hang on (hung_task_warnings). */
const MOST_WARNINGS = 10;

/** Tasks that hang in the kernel, most often on a disk that does not answer. */
export const hungTasks = defineRule({
  name: "hung-tasks",
  doc: {
    area: "nodes",
    title: "Tasks hang",
    means: "The kernel says that a task waits for more than two minutes: on a client mostly for a disk whose path is broken.",
    levels: ["risk", "absent"],
    fires:
      "A kernel line of a hung task within the last 10 minutes, among the newest 12 that are kept of the node: at risk while the kernel repeats it every two minutes, good to know once it does not.",
    not: "Older lines, and a node that is not heard.",
    todo: "Look at the path of its disks; the kernel line names the task.",
    needs: [50, 51],
  },
  find(view, { nowMs }) {
    return every(view, "kernel").flatMap(([key, { from, lines }]) => {
      const node = view.get(keyOf.node(from.node));
      const hung = lines.filter(
        ({ topic, atMs, text }) => topic === "hung" && nowMs - atMs < RECENT_MS && /blocked for more than/.test(text),
      );
      const [newest] = hung;
      if (!newest || node?.kind !== "node" || node.link !== "live") return [];
      const isStill = nowMs - newest.atMs < REPEATED_MS || hung.length >= MOST_WARNINGS;
      const said = newest.text.endsWith(".") ? newest.text : `${newest.text}.`;
      const one = isStill ? "a task hangs" : "a task hung";
      const more = isStill ? "tasks hang" : "tasks hung";
      return [
        {
          id: `hung-tasks:${from.node}`,
          level: isStill ? ("risk" as const) : ("absent" as const),
          title: `${from.node}: ${hung.length === 1 ? one : more}`,
          why: isStill ? said : `${said} The kernel repeats it every two minutes while it lasts, and has not.`,
          todo: pathOf(view, from.node) ?? `The kernel lines of ${from.node} say what they wait for.`,
          about: [keyOf.node(from.node), key],
          sinceMs: Math.min(...hung.map(({ atMs }) => atMs)),
        },
      ];
    });
  },
});

/** The disk over the network that is not well there. */
function pathOf(view: ViewSoFar, node: string): string | null {
  const all: [string, Pick<EntityOf<"aoe">, "from" | "said">][] = [...every(view, "aoe"), ...every(view, "session")];
  const broken = all.find(([, { from, said }]) => from.node === node && (said.level === "bad" || said.level === "risk"));
  return broken ? `Look at ${broken[0].slice(broken[0].indexOf("/") + 1)} first: ${broken[1].said.word}.` : null;
}
