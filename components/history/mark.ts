// SPDX-License-Identifier: Apache-2.0
import type { Picture } from "@/components/cluster/picture";

/** A text that changes when a node, its fencing or a service moves: then what is kept of it is asked for again. */
export function markOf(picture: Picture): string {
  const fencings = picture.of("fencing").map(([, { fencing }]) => `${fencing.target} ${fencing.status} ${fencing.completed}`);
  const nodes = picture.of("node").map(([, { name, state }]) => `${name} ${state.word}`);
  const services = picture.of("resource").map(([, { id, said, places }]) => `${id} ${said.word} ${places.map(({ node }) => node).join()}`);
  return [...fencings, ...nodes, ...services].join("; ");
}
