// SPDX-License-Identifier: Apache-2.0
import { entriesOf, type Slice } from "@/components/live/store";

/** The nodes and resources that a timeline can be narrowed to: mirrors by their resource, and services as people move them. */
export function namesOf(slice: Slice | undefined): { nodes: string[]; resources: string[] } {
  const mirrors = entriesOf(slice, "mirror").map(([, { resource }]) => resource);
  const services = entriesOf(slice, "resource").flatMap(([, { id, parents }]) => (parents.length === 0 ? [id] : []));
  return {
    nodes: entriesOf(slice, "node").map(([, { name }]) => name),
    resources: [...new Set([...mirrors, ...services])].sort(),
  };
}
