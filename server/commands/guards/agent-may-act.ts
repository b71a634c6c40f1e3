// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { defineGuard } from "../define";
import { isFence, members } from "../look";

/** Some member's agent is heard, and the policy on its node allows the step. Nobody fences itself. */
export const agentMayAct = defineGuard({
  name: "agent-may-act",
  number: "0.6",
  check(context) {
    const { view, verb, touched, kinds } = context;
    if (kinds.length === 0) return [];
    // AoE is asked for where it is used, mostly on clients.
    const all = verb === "aoe.discover" ? every(view, "node").map(([, node]) => node) : members(view);
    const candidates = all.filter(({ name }) => !(isFence(context) && name === touched.from));
    const heard = candidates.filter(({ link }) => link === "live");
    if (heard.some(({ steps }) => kinds.every((kind) => steps?.includes(kind)))) return [];
    const about = candidates.map(({ name }) => keyOf.node(name));
    if (heard.length === 0)
      return [{ level: "block", message: "No agent that could do it is heard now. Start the agent on a member.", about }];
    const message = `No agent here may do it: the policy on ${joinWords(heard.map(({ name }) => name))} does not allow ${joinWords(kinds)}. Allow it there, and restart the agent.`;
    return [{ level: "block", message, about }];
  },
});
