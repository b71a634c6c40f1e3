// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import { mayDo, useActing } from "./acting";
import { dragging } from "./drag-store";

/** A service's name, which can be taken to another node's column. The menu beside it does the same without a mouse. */
export function DragName({ id, node, as: Name = "h3" }: { id: string; node: string | null; as?: "h3" | "code" }) {
  const acting = useActing();
  if (acting?.slug == null || node === null || !mayDo(acting.userRole, "operator")) return <Name>{id}</Name>;
  const { slug } = acting;
  return (
    // For the mouse alone: the menu beside it is for everybody.
    <Name
      className="can-drag"
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", id);
        event.dataTransfer.effectAllowed = "all";
        // A page that changes while a drag begins ends it: the targets come a moment later.
        setTimeout(() => dragging.start(slug, id, keyOf.resource(id), node));
      }}
      onDragEnd={() => setTimeout(dragging.end)}
    >
      <i className="grip" aria-hidden="true" />
      {id}
    </Name>
  );
}
