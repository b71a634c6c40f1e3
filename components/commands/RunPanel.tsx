// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import type { UserRole } from "@/agent/protocol/console/api";
import { keyOf } from "@/agent/protocol/console/keys";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Refusal } from "@/components/ask/Refusal";
import { useEntity } from "@/components/live/use-live";
import { Button } from "@/components/ui/Button";
import type { Wanted } from "./acting";
import { RunView } from "./RunView";

/** How often a run is asked for while the view does not have it. Units: ms. */
const ASK_EVERY_MS = 2_000;

interface RunPanelProps {
  slug: string;
  id: string;
  userRole: UserRole;
  onOpen: (wanted: Wanted) => void;
  onClose: () => void;
}

/** One run as the view pushes it; before it is there and after it left, as the console answers. */
export function RunPanel({ slug, id, userRole, onOpen, onClose }: RunPanelProps) {
  const pushed = useEntity(slug, "run", keyOf.run(id));
  const asked = useQuery({
    queryKey: ["run", slug, id],
    queryFn: () => ask("GET", `/api/v1/clusters/${slug}/runs/${id}`, answers.run),
    enabled: pushed === undefined,
    refetchInterval: ({ state }) => (state.data && state.data.outcome !== null ? false : ASK_EVERY_MS),
  });
  const run = pushed ?? asked.data;
  if (run)
    return (
      <RunView
        run={run}
        slug={slug}
        userRole={userRole}
        onUndo={(undo) => onOpen({ what: "ask", slug, title: undo.title, ask: { verb: undo.verb, args: undo.args } })}
        onClose={onClose}
      />
    );
  return (
    <>
      <div className="cmd-body">
        {asked.error ? <Refusal error={asked.error} /> : <p role="status">It was started; waiting for its first word.</p>}
      </div>
      <footer className="cmd-foot">
        <p className="d3">It goes on when this is closed; the audit keeps it.</p>
        <div className="cmd-acts">
          <Button prime onClick={onClose}>
            Close
          </Button>
        </div>
      </footer>
    </>
  );
}
