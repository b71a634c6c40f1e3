// SPDX-License-Identifier: Apache-2.0
"use client";
import { type DragEvent, memo, useState, useSyncExternalStore } from "react";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { useActing } from "./acting";
import { dragging, dropRefusal, MOVE } from "./drag-store";
import { bareTitle } from "./offer-title";

/** Over a node's column while something of another node hangs on the pointer: what a drop would do, or why not. A drop only opens the dialog. */
export const DropZone = memo(function DropZone({ node }: { node: string }) {
  const acting = useActing();
  const drag = useSyncExternalStore(dragging.onChange, dragging.read, () => null);
  const [isOver, setOver] = useState(false);
  if (drag === null || acting?.slug == null || drag.from === node) return null;
  const { slug, open } = acting;
  const { resource, move } = drag;
  const refusal = dropRefusal(drag, node);
  const title = `Move ${resource} to ${node}`;
  const over = (event: DragEvent) => {
    event.preventDefault();
    event.dataTransfer.dropEffect = refusal === null ? "move" : "link";
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    dragging.end();
    if (move.is === "offered") open({ what: "offer", slug, title: bareTitle(title), offer: move.offer, filled: { [MOVE.to]: node } });
    else open({ what: "ask", slug, title, ask: { verb: MOVE.verb, args: { resource, [MOVE.to]: node } } });
  };
  const look = move.is === "asking" ? "asking" : refusal === null ? "yes" : "no";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse alone; the menu at the service is for everybody
    <div
      className={isOver ? "drop-zone is-over" : "drop-zone"}
      data-drop={look}
      data-node={node}
      onDragEnter={over}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {look === "asking" && (
        <p className="d2">
          <Icon shape="busy" /> asking whether {node} would run it
        </p>
      )}
      {look === "yes" && (
        <p>
          <Icon shape="next" /> <b>{title}…</b>
          <small>Drop it here to see the plan. Nothing moves yet.</small>
        </p>
      )}
      {look === "no" && (
        <p>
          <Icon shape="stop" /> <b>{node} would refuse it</b>
          <small>{unbroken(refusal)}</small>
        </p>
      )}
    </div>
  );
});
