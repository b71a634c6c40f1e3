// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { defineRule, every } from "./define";

type Lack = NonNullable<EntityOf<"node">["lacks"]>[number];

/** Things named in the title; the rest is counted. */
const NAMED = 3;

const KINDS: Readonly<Record<string, string>> = {
  agent: "the agent ",
  unit: "the unit ",
  fenceAgent: "the fencing agent ",
  tool: "",
  module: "the kernel module ",
  file: "",
  drbdResource: "DRBD's resource ",
};
const wordsOf = ({ kind, name }: Lack) => `${KINDS[kind] ?? ""}${name}`;

/** A node that a service may come to, and that is empty of what the service needs. */
export const takeoverLacks = defineRule({
  name: "takeover-lacks",
  doc: {
    area: "nodes",
    title: "A node lacks what a service needs",
    means: "A service that is moved there, or that fails over to it, does not come up.",
    levels: ["risk"],
    fires:
      "An agent, unit or fencing agent that the CIB names is not there on a member; or, of a closed list of agents, a tool, a kernel module, DRBD's resource or a configuration file below /etc that its parameters name.",
    not: "Services that may not come to the node by their constraints or by what they must be together with, and those that run there; what could not be looked for. What is in the files is not read, and mount points are not looked for: the agent makes them.",
    todo: "Install it, or copy it from the node that has it.",
    needs: [8, 95, 103, 121],
  },
  find: (view) =>
    every(view, "node").flatMap(([key, { name, role, link, lacks = [] }]) => {
      const source = view.get(keyOf.source(name, "versions"));
      const isCurrent = link === "live" && source?.kind === "source" && source.status === "ok" && source.freshness === "live";
      if (role !== "member" || !isCurrent || lacks.length === 0) return [];
      const rest = lacks.length - NAMED;
      const named = lacks.slice(0, NAMED).map(wordsOf);
      const services = [...new Set(lacks.flatMap(({ resources }) => resources))];
      const each = lacks
        .slice(0, NAMED)
        .map((lack) => `${joinWords(lack.resources.slice(0, 4))} ${lack.resources.length === 1 ? "needs" : "need"} ${wordsOf(lack)}.`);
      return [
        {
          id: `takeover-lacks:${name}`,
          level: "risk" as const,
          title: `${name} lacks ${joinWords(rest > 0 ? [...named, `${rest} more`] : named)}`,
          why: `${each.join(" ")} Nothing that needs it comes up on ${name}.`,
          todo: `Install it on ${name}, or copy it from the node that has it, before anything is moved there. It is looked for every 30 s then.`,
          about: [key, ...services.map(keyOf.resource).filter((one) => view.has(one))],
        },
      ];
    }),
});
