// SPDX-License-Identifier: Apache-2.0
import type { EntityKind, EntityOf } from "@/agent/protocol/console/view";
import { entriesOf, type Slice } from "@/components/live/store";

/** Whether two views of a cluster differ in what its history tells of: a node, its fencing, or where a service is and how. */
export function isMoved(before: Slice | undefined, after: Slice | undefined): boolean {
  return (
    differ(before, after, "fencing", ({ fencing }) => `${fencing.target} ${fencing.status} ${fencing.completed}`) ||
    differ(before, after, "node", ({ state }) => state.word) ||
    differ(before, after, "resource", ({ said, places }) => `${said.word} ${places.map(({ node }) => node).join()}`)
  );
}

/** Only what is not the same entity is put into words: of thousands a change moves a few. */
function differ<K extends EntityKind>(
  before: Slice | undefined,
  after: Slice | undefined,
  kind: K,
  words: (entity: EntityOf<K>) => string,
): boolean {
  const was = entriesOf(before, kind);
  const is = entriesOf(after, kind);
  if (was === is) return false;
  return (
    was.length !== is.length ||
    is.some(([key, entity], index) => {
      const old = was[index];
      return old === undefined || old[0] !== key || (old[1] !== entity && words(old[1]) !== words(entity));
    })
  );
}
