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
