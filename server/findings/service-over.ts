// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { asSentence } from "@/server/cluster/words";
import { clusterOf, type ViewSoFar } from "./define";
import { isHeldStill } from "./service-care";
import { aboutOf, findingIn, meant, NOT_KNOWN, OVER, partOf, ruleOf, type Standing } from "./standing";

type Service = EntityOf<"resource">;

/** A service that is in no such trouble any more need not be well: it may be in other trouble, left alone, held, or on its way. */
export function serviceOver(id: string, view: ViewSoFar, rules: readonly string[]): Standing {
  // A side without quorum tells of no service.
  if (clusterOf(view)?.pacemaker?.quorum.level !== "ok") return NOT_KNOWN;
  const name = aboutOf(id);
  const service = view.get(keyOf.resource(name));
  if (service?.kind !== "resource")
    return ruleOf(id) === "service-orphaned" ? OVER : meant(`${name} is no longer in the configuration.`, "held");
  for (const rule of rules) {
    const other = findingIn(view, `${rule}:${name}`);
    if (other) return { is: "ended", end: "partOf", level: other.level, says: partOf(other.title) };
  }
  const { level, word, why } = service.said;
  // What stood on a node that is gone is the cluster's memory: whether it still runs there, too, nobody says.
  const mayRunTwice = ruleOf(id) === "service-twice" && service.places.some(({ said }) => said.level === "unknown");
  if (level === "ok") return mayRunTwice ? NOT_KNOWN : OVER;
  if (level !== "absent" && level !== "held") return NOT_KNOWN;
  const nodes = service.places.map(({ node }) => node);
  // In maintenance nobody looks at it: what runs is well, what does not may be as it was.
  if (level === "held" && isHeldStill(view, nodes)) return isRunning(view, service) ? OVER : NOT_KNOWN;
  return meant(`It is meant so now: ${asSentence(lowerFirst(why ?? word))}`, level);
}

/** All of it: of a group every member. Groups in clones in bundles: Pacemaker itself nests no deeper. */
function isRunning(view: ViewSoFar, { children, said, places }: Service, depth = 0): boolean {
  if (children.length === 0 || depth > 4) return places.length > 0 && said.word !== "stopped";
  return children.every((child) => {
    const member = view.get(keyOf.resource(child));
    return member?.kind === "resource" && isRunning(view, member, depth + 1);
  });
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
