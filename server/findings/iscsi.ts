// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { defineRule, every } from "./define";

/** Whether a target lets nobody in: then its clients' sessions are lost by it. */
export function keepsOut({ said }: EntityOf<"target">): boolean {
  return said.level === "bad" && (said.word === "disabled" || said.word.startsWith("no portal"));
}

/** A target that lets nobody in, or serves nothing. What only says that the mirror below is not well is that mirror's finding. */
export const iscsiTarget = defineRule({
  name: "iscsi-target",
  doc: {
    area: "paths",
    title: "A target lets nobody in",
    means: "LIO says Started, and nobody can log in or read: no portal, disabled, no LUN, or served by two nodes.",
    levels: ["bad", "risk", "busy"],
    fires: "configfs shows zero portals, a disabled group, a missing or disabled LUN, or the same target on two nodes.",
    not: "What only says that the mirror below is not well, and a target that is just moving.",
    todo: "Give it its portal, enable it, or stop the second one.",
    needs: [53, 54, 57],
  },
  find(view) {
    return every(view, "target").flatMap(([key, entity]) => {
      const { said, target, from, luns } = entity;
      if (said.level !== "bad" && said.level !== "risk") return [];
      const lun = luns.find((one) => one.said.word === said.word);
      const mirror = lun?.mirror ? view.get(lun.mirror) : undefined;
      if (mirror?.kind === "mirror" && mirror.said.level === said.level && said.word.endsWith(mirror.said.word)) return [];
      return [
        {
          id: `iscsi-target:${from.node}/${target.iqn}`,
          level: said.level,
          title: `${from.node}: target ${target.iqn} ${wording(said.word)}`,
          why: said.why ?? "",
          todo: todoOf(said.word, target.iqn),
          about: [key, ...(lun?.mirror ? [lun.mirror] : [])],
          joins: said.word.startsWith("also served"),
        },
      ];
    });
  },
});

function wording(word: string): string {
  if (word === "disabled" || word.startsWith("also served")) return `is ${word}`;
  if (word.startsWith("no ")) return `has ${word}`;
  return `: ${word}`.replace(/^: /, "");
}

function todoOf(word: string, iqn: string): string | null {
  if (word === "no portal")
    return "Say its address in the resource's portals parameter (not 0.0.0.0:3260), then clean it up; the address must be up before it.";
  if (word === "disabled") return `Look why its resource disabled it; by hand: targetcli /iscsi/${iqn}/tpg1 enable`;
  if (word.startsWith("also served")) return "Stop the target on all nodes but the one whose copy of the disk is Primary.";
  return null;
}

/** A client's iSCSI disk is not there, or its two ends do not agree. */
export const iscsiSession = defineRule({
  name: "iscsi-session",
  doc: {
    area: "paths",
    title: "A client's iSCSI disk is not there",
    means: "The session is FAILED or FREE, or its two ends contradict each other.",
    levels: ["bad", "risk", "busy"],
    fires: "sysfs of the client, and the target's own list.",
    not: "Two readings seconds apart during a failover.",
    todo: "It logs in again by itself when its target answers.",
    needs: [50, 56, 59],
  },
  find(view) {
    return every(view, "session").flatMap(([key, { said, session, from, servedBy, toolSays }]) => {
      if (said.level !== "bad" && said.level !== "risk") return [];
      const disks = session.disks.map(({ name }) => name).join(", ");
      return [
        {
          id: `iscsi-session:${from.node}/${session.name}`,
          level: said.level,
          title: `${from.node}: ${session.name}${disks ? ` (${disks})` : ""}: ${said.word}`,
          why: [said.why, toolSays ? `Yet ${toolSays}.` : null].filter((text) => text !== null).join(" "),
          todo:
            said.level === "bad"
              ? `It logs in again by itself when its target answers. If its disk stays offline then: iscsiadm -m session -r ${session.name.replace("session", "")} -R on ${from.node}.`
              : null,
          about: [key, ...(servedBy ? [servedBy.target] : [])],
          // A session that is down says so itself; what is at risk is what its two ends say of each other.
          joins: said.level === "risk",
        },
      ];
    });
  },
});

/** A failover of a target with its address takes tens of seconds; a session with no other way must wait longer than that. */
const FAILOVER_SECONDS = 30;

/** A client that gives up before a failover is through. */
export const iscsiTimeout = defineRule({
  name: "iscsi-timeout",
  doc: {
    area: "paths",
    title: "A client gives up before a failover is through",
    means: "Its I/O fails instead of waiting.",
    levels: ["risk"],
    fires: "One way to its disks, and recovery_tmo below 30 s.",
    not: "A client with a second way, and one that does not say.",
    todo: "replacement_timeout of 120 or more, or multipath.",
    needs: [51, 56, 58],
  },
  find(view) {
    return every(view, "session").flatMap(([key, { session, from, ways }]) => {
      const seconds = session.recoveryTimeoutSeconds;
      if (seconds === null || seconds >= FAILOVER_SECONDS || ways > 1) return [];
      return [
        {
          id: `iscsi-timeout:${from.node}/${session.name}`,
          level: "risk" as const,
          title: `${from.node}: ${session.name} gives up after ${seconds} s`,
          why: `It has one way to its disks. A failover may take longer than that, and its I/O then fails instead of waiting.`,
          todo: "Set node.session.timeo.replacement_timeout to 120 or more, or give it a second way with multipath; it counts from the next login.",
          about: [key],
        },
      ];
    });
  },
});
