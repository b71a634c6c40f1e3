// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { failureWords } from "@/server/cluster/service-roles";
import { asSentence, counted } from "@/server/cluster/words";
import { defineGuard } from "../define";
import { touchedResources } from "../look";

/** What is forgotten is shown, and that looking again is not harmless. */
export const probesMayAct = defineGuard({
  name: "probes-may-act",
  number: "5.5",
  check(context) {
    const { from } = context.touched;
    const failures = touchedResources(context).flatMap((resource) =>
      resource.failures.filter(({ node }) => from === null || node === from),
    );
    const told = failures.slice(-3).map((failure) => {
      const count = failure.failCount === null || failure.failCount === "0" ? "" : `, fail count ${failure.failCount}`;
      return asSentence(`${failureWords(failure)}${count}`);
    });
    const more = failures.length > told.length ? ` ${asSentence(`And ${counted(failures.length - told.length, "more failure")}`)}` : "";
    const forgets = told.length === 0 ? "" : ` Forgotten is: ${told.join(" ")}${more}`;
    const message = `Everything of it is probed again: what the probe finds can move it, and a probe or stop that fails can fence a node.${forgets}`;
    return [{ level: "warn", message, about: context.touched.resources.map(keyOf.resource) }];
  },
});
