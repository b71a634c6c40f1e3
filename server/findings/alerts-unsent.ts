// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { asSentence, counted } from "@/server/cluster/words";
import { defineRule } from "./define";

/** What somebody is to be told does not reach them: whoever looks here has to know that nobody else may have been told. */
export const alertsUnsent = defineRule({
  name: "alerts-unsent",
  doc: {
    area: "sight",
    title: "Alerts do not get through",
    means: "Somebody who is to be told of what is wrong is not reached: who looks at the console must not take them for told.",
    levels: ["risk"],
    fires: "A receiver did not take a message of this cluster twice, or one was given up and nothing was taken since.",
    not: "A single attempt that failed. A test that failed: nothing was lost.",
    todo: "Settings, Alerts has the receiver's answers, and a button that sends a test.",
    needs: [],
  },
  find(_, { alerting }) {
    return (alerting?.unsent ?? []).map(({ receiver, name, sinceMs, waiting, givenUp, says }) => {
      const parts = [
        ...(waiting > 0 ? [`${counted(waiting, "message")} ${waiting === 1 ? "waits" : "wait"} for it`] : []),
        ...(givenUp > 0 ? [`${counted(givenUp, "message")} ${givenUp === 1 ? "was" : "were"} given up`] : []),
      ];
      return {
        id: `alerts-unsent:${receiver}`,
        level: "risk" as const,
        title: `Alerts do not get through to ${name}`,
        headline: `alerts do not get through to ${name}`,
        why: `${parts.join(", ")}. ${asSentence(says)} Nobody is told by that way of what is wrong here.`,
        todo: "Settings, Alerts has its answers, and a button that sends a test.",
        about: [keyOf.cluster],
        sinceMs,
      };
    });
  },
});
