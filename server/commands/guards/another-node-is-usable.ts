// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { defineGuard } from "../define";
import { members, usableOthers } from "./look";

/** Somebody is left to run the services. Where all others were put in standby by people, a full stop may be meant. */
export const anotherNodeIsUsable = defineGuard({
  name: "another-node-is-usable",
  number: "3.2",
  check({ view, touched }) {
    const { from, isWholeNode } = touched;
    if (from === null || !isWholeNode || usableOthers(view, from).length > 0) return [];
    const others = members(view).filter(({ name }) => name !== from);
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
