// SPDX-License-Identifier: Apache-2.0
import { expect } from "vitest";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import type { Outcome, Run } from "@/agent/protocol/console/runs";
import type { SeenView } from "../api";
import { lab } from "./lab";

/** A run ended so; its own words are in the error when it did not. */
export function expectEnd({ outcome, says }: Run, wanted: Outcome): void {
  expect(`${outcome}: ${says}`).toMatch(new RegExp(`^${wanted}: `));
}

/** Where Pacemaker says each primitive is, in the words of a preview's end: "started on ruby". Instances of clones together. */
export function placesOf(view: SeenView, resources: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    resources.map((id) => {
      const places = view.get("resource", `rsc:${id}`)?.places ?? [];
      const words = places.map(({ role, node }) => `${role.toLowerCase()} on ${node}`).sort();
      return [id, words.length === 0 ? "stopped" : [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" and ")];
    }),
  );
}

/** The end that was predicted is the end that came, for every resource the preview speaks of. */
export function expectPredicted(made: CommandPreview, view: SeenView): void {
  const ids = made.effects.map(({ resource }) => resource);
  expect(ids.length).toBeGreaterThan(0);
  const predicted = Object.fromEntries(made.effects.map(({ resource, after }) => [resource, after]));
  expect(placesOf(view, ids)).toEqual(predicted);
}

/** What Pacemaker's own tool says of the constraints now, asked inside a node. */
export async function constraints(node = "ruby"): Promise<string> {
  return lab.must(node, "cibadmin", "--query", "--scope", "constraints");
}
