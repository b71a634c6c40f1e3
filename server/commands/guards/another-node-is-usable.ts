// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { defineGuard } from "../define";
import { CANNOT_TELL, members, type Node, usableOthers } from "../look";

/** Somebody is left to run the services. Where all others were put in standby by people, a full stop may be meant. */
export const anotherNodeIsUsable = defineGuard({
  name: "another-node-is-usable",
  number: "3.2",
  check({ view, touched }) {
    const { from, isWholeNode } = touched;
    if (from === null || !isWholeNode || usableOthers(view, from).length > 0) return [];
    const others = members(view).filter(({ name }) => name !== from);
    if (others.some(isUnsure)) return [];
    const about = [keyOf.node(from), ...others.map(({ name }) => keyOf.node(name))];
    const rest = others.length === 0 ? `${from} is the only one` : joinWords(others.map(({ name, state }) => `${name} is ${state.word}`));
    const isPlanned = others.length > 0 && others.every(({ state }) => state.word === "standby");
    if (isPlanned) {
      const message = `No node would be left to run anything: ${rest}. Go on only if everything is to stop; else take one back first.`;
      return [{ level: "type", message, about }];
    }
    return [{ level: "block", message: `No node would be left to run anything: ${rest}. Bring another one back first.`, about }];
  },
});

/** Nobody knows now whether it could take anything. */
function isUnsure({ state }: Node): boolean {
  return state.level === "old" || state.level === "unknown";
}

/** Where no other node is known to be usable, that is known. */
export const anotherNodeIsKnown = defineGuard({
  name: "another-node-is-known",
  number: "3.2",
  check({ view, touched }) {
    const { from, isWholeNode } = touched;
    if (from === null || !isWholeNode || usableOthers(view, from).length > 0) return [];
    const unsure = members(view).filter((node) => node.name !== from && isUnsure(node));
    if (unsure.length === 0) return [];
    const how = joinWords(unsure.map(({ name, state }) => `${name} is ${state.word}`));
    const message = `${CANNOT_TELL}whether a node would be left to run anything is not known: ${how}. Look at it first.`;
    return [{ level: "block", message, about: unsure.map(({ name }) => keyOf.node(name)) }];
  },
});
