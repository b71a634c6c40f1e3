// SPDX-License-Identifier: Apache-2.0
"use client";
import { useId } from "react";
import type { NewNote } from "@/agent/protocol/console/timeline";
import { ActDialog } from "@/components/settings/ActDialog";
import { Choice } from "@/components/ui/Choice";
import { formatMoment } from "@/components/ui/format";

interface NoteDialogProps {
  zone: string;
  nodes: readonly string[];
  resources: readonly string[];
  /** What the page is narrowed to: chosen at first. */
  about: { node: string; resource: string };
  markMs: number | null;
  onMake: (note: NewNote) => Promise<unknown>;
  onClose: () => void;
}

/** A person's words, about something, at a moment. */
export function NoteDialog({ zone, nodes, resources, about, markMs, onMake, onClose }: NoteDialogProps) {
  const id = useId();
  const make = (form: (name: string) => string) => {
    const [kind, name = ""] = form("about").split(/:(.*)/s);
    const atMs = form("when") === "mark" ? markMs : null;
    return onMake({ text: form("text"), atMs, node: kind === "node" ? name : null, resource: kind === "resource" ? name : null });
  };
  const first = about.resource !== "" ? `resource:${about.resource}` : about.node !== "" ? `node:${about.node}` : "cluster";
  return (
    <ActDialog title="Make a note" verb="Make the note" onAct={make} onClose={onClose}>
      <p>Everybody reads it here, and the audit has it. It cannot be changed; you or an admin can take it back, and it stays readable.</p>
      <p className="field">
        <label htmlFor={id}>What should be known</label>
        <textarea id={id} name="text" required maxLength={1_000} rows={4} />
      </p>
      <Choice label="About" name="about" defaultValue={first}>
        <option value="cluster">the cluster</option>
        {nodes.map((node) => (
          <option key={node} value={`node:${node}`}>
            {node}
          </option>
        ))}
        {resources.map((resource) => (
          <option key={resource} value={`resource:${resource}`}>
            {resource}
          </option>
        ))}
      </Choice>
      <Choice label="When" name="when" defaultValue={markMs === null ? "now" : "mark"}>
        <option value="now">now</option>
        {markMs !== null && <option value="mark">at the mark, {formatMoment(markMs, zone)}</option>}
      </Choice>
    </ActDialog>
  );
}
