// SPDX-License-Identifier: Apache-2.0
import { defineRule, every } from "./define";

/** A client's disk is not there, or not all of its paths are. */
export const aoePath = defineRule({
  name: "aoe-path",
  doc: {
    area: "paths",
    title: "A client's AoE disk is not there, or has dead paths",
    means: "The driver talks to a target that is dead, gone, or a MAC that nobody owns.",
    levels: ["bad", "risk"],
    fires:
      "The driver's state is down; a target's window fell to one and its frames taint; its MAC is on no node, or on one that exports nothing of that name.",
    not: "A target of which it is only not known now what it exports.",
    todo: "aoe-discover is safe; never aoe-flush a disk in use.",
    needs: [34, 35, 36, 42, 43, 44],
  },
  find(view) {
    return every(view, "aoe").flatMap(([key, entity]) => {
      const { said, device, from, toolSays, talksTo } = entity;
      if (!["bad", "risk"].includes(said.level)) return [];
      const claim = toolSays ? ` Yet ${toolSays}.` : "";
      return [
        {
          id: `aoe-path:${from.node}/${device.name}`,
          level: said.level,
          title: `${from.node}: ${device.name} ${wording(said.word)}`,
          why: `${said.why ?? ""}${claim}`.trim(),
          todo:
            said.level === "bad"
              ? `aoe-discover on ${from.node} is safe: it asks who exports ${device.name}. Never aoe-flush a disk in use.`
              : null,
          about: [key, ...talksTo.flatMap(({ export: one }) => (one ? [one] : []))],
        },
      ];
    });
  },
});

function wording(word: string): string {
  if (word === "down" || word === "silent") return `is ${word}`;
  return word.startsWith("nobody") ? "is sent where nobody answers" : word;
}

/** An export that confirms writes before they are on disk. */
export const aoeSync = defineRule({
  name: "aoe-sync",
  doc: {
    area: "paths",
    title: "A target runs without -s",
    means: "If its node is fenced, writes it has confirmed can be lost.",
    levels: ["risk"],
    fires: "A running vblade has no -s in its command line.",
    not: "A vblade with -s.",
    todo: "Start it with -s; that takes a restart of it.",
    needs: [41],
  },
  find(view) {
    return every(view, "export").flatMap(([key, entity]) =>
      entity.said.level === "risk"
        ? [
            {
              id: `aoe-sync:${entity.from.node}/${entity.export.name}`,
              level: "risk" as const,
              title: `vblade for ${entity.export.name} on ${entity.from.node} runs without -s`,
              why: `If ${entity.from.node} is fenced, writes it has confirmed can be lost.`,
              todo: "Start vblade with -s; that takes a restart of it.",
              about: [key],
            },
          ]
        : [],
    );
  },
});
