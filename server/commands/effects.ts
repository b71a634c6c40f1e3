// SPDX-License-Identifier: Apache-2.0
import type { Effect } from "@/agent/protocol/console/commands";
import type { View } from "@/agent/protocol/console/view";
import type { SimulatedAction, StepPreview } from "@/agent/protocol/steps";
import { plainId } from "@/server/cluster/services";
import { byName, joinWords } from "@/server/cluster/words";
import { every } from "@/server/findings/define";

/** Where every primitive is by the view, or would be by the simulation: "started on ruby", by resource. */
type Places = ReadonlyMap<string, string>;

function inWords(places: ReadonlyMap<string, readonly { node: string; role: string }[]>): Places {
  const words = new Map<string, string>();
  for (const [resource, list] of places) {
    const each = [...list].sort((a, b) => byName(a.role, b.role) || byName(a.node, b.node));
    words.set(resource, each.length === 0 ? "stopped" : joinWords(each.map(({ node, role }) => `${role.toLowerCase()} on ${node}`)));
  }
  return words;
}

function placesNow(view: View): Places {
  const primitives = every(view, "resource").filter(([, { type }]) => type === "primitive");
  return inWords(new Map(primitives.map(([, { id, places }]) => [id, places])));
}

/** Where the simulation ends, of the last step that says. */
export function placesAfter(preview: readonly StepPreview[]): Places {
  const last = preview.findLast(({ placements }) => placements.length > 0);
  const places = new Map<string, { node: string; role: string }[]>();
  for (const { resource, node, role } of last?.placements ?? []) {
    const id = plainId(resource);
    const list = places.get(id) ?? [];
    if (node !== null) list.push({ node, role });
    places.set(id, list);
  }
  return inWords(places);
}

/** Where the view is not as was predicted, a phrase each: "p_drbd is unpromoted on ruby, not promoted on ruby". */
export function unlikePredicted(view: View, effects: readonly Effect[]): string[] {
  const now = placesNow(view);
  return effects.flatMap(({ resource, after }) => {
    const is = now.get(resource);
    return is === undefined || is === after ? [] : [`${resource} is ${is}, not ${after}`];
  });
}

/** What people use, then DRBD, then fence devices: what is felt first is read first. */
function upkeepOf(view: View, id: string): 0 | 1 | 2 {
  const entity = view.get(`rsc:${id}`);
  const agent = (entity?.kind === "resource" && entity.agent) || "";
  if (agent.startsWith("stonith:")) return 2;
  return /^ocf::?linbit:drbd$/.test(agent) ? 1 : 0;
}

/** What would change, a line per resource: a fencing first, then as {@link upkeepOf} ranks, else in the simulation's order. */
export function effectsOf(view: View, preview: readonly StepPreview[]): Effect[] {
  const now = placesNow(view);
  const after = placesAfter(preview);
  const actions = preview.flatMap((step) => step.actions);
  const fenced = actions.filter(({ action }) => action.startsWith("fence"));
  const effects: Effect[] = fenced.map(({ node, reason }) => ({
    resource: node ?? "a node",
    parent: null,
    before: "up",
    after: "fenced",
    says: `${node ?? "A node"} is fenced: power-cycled, with no clean stop.`,
    reason,
  }));
  const order = [...new Set(actions.flatMap(({ resource }) => (resource === null ? [] : [plainId(resource)])))];
  const moved = [...after.keys()].filter((id) => !order.includes(id) && now.has(id) && now.get(id) !== after.get(id));
  const ranked = [...order, ...moved].sort((a, b) => upkeepOf(view, a) - upkeepOf(view, b));
  for (const id of ranked) {
    const own = actions.filter(({ resource }) => resource !== null && plainId(resource) === id);
    const before = now.get(id) ?? "not there";
    const then = after.get(id) ?? endOf(own, before);
    if (before === then && own.every(({ action }) => !RESTARTS.has(action))) continue;
    const entity = view.get(`rsc:${id}`);
    const parent = entity?.kind === "resource" ? (entity.parents[0] ?? null) : null;
    const sentences = own.map(sentenceOf);
    const says = sentences.length > 0 ? sentences.join(" ") : `${id}: ${before}, then ${then}.`;
    effects.push({ resource: id, parent, before, after: then, says, reason: own.find(({ reason }) => reason)?.reason ?? null });
  }
  return effects;
}

/** Where the actions alone leave it: of a cluster too large to be played through nothing more is known. */
function endOf(actions: readonly SimulatedAction[], before: string): string {
  return actions.reduce((words, { action, node, to, nextRole }) => {
    const there = to ?? node;
    switch (action) {
      case "move":
      case "migrate":
      case "start":
        return `${(nextRole ?? "started").toLowerCase()} on ${there}`;
      case "promote":
        return `promoted on ${there}`;
      case "demote":
        return `unpromoted on ${there}`;
      case "stop":
        return "stopped";
      default:
        return words;
    }
  }, before);
}

/** Actions that interrupt a resource although it ends where it was. */
const RESTARTS: ReadonlySet<string> = new Set(["restart", "recover", "reload", "re-promote"]);

/** One simulated action, as a sentence. Unknown words stay what they are. */
function sentenceOf({ resource, action, node, to, nextRole }: SimulatedAction): string {
  const what = plainId(resource ?? "it");
  const here = node ?? to ?? "its node";
  const there = to ?? node ?? "another node";
  switch (action) {
    case "move":
      return `${what} stops on ${here} and starts on ${there}.`;
    case "migrate":
      return `${what} migrates live from ${here} to ${there}.`;
    case "start":
      return `${what} starts on ${there}.`;
    case "stop":
      return `${what} stops on ${here}.`;
    case "promote":
      return `${what} is promoted on ${there}.`;
    case "demote":
      return `${what} is demoted on ${here}.`;
    case "restart":
      return `${what} restarts on ${here}.`;
    case "recover":
      return node === to || to === null ? `${what} is recovered on ${here}.` : `${what} is recovered: it leaves ${here} for ${there}.`;
    default:
      return `${what}: ${action} on ${there}${nextRole ? ` to ${nextRole}` : ""}.`;
  }
}
