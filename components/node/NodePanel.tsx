// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import { usePicture } from "@/components/cluster/use-picture";
import { NodeIncidents } from "@/components/history/NodeIncidents";
import { useRecording } from "@/components/live/recorded";
import { useEntity } from "@/components/live/use-live";
import { NotThere } from "@/components/shell/NotThere";
import { NodeView } from "./NodeView";

export function NodePanel({ slug, name }: { slug: string; name: string }) {
  const picture = usePicture(slug);
  const node = useEntity(slug, "node", keyOf.node(name));
  const kernel = useEntity(slug, "kernel", keyOf.kernel(name));
  // Of a recording the console keeps nothing of its own, and a client is fenced by nobody.
  const isRecording = useRecording() !== undefined;
  const kept = picture && node?.role === "member" && !isRecording ? <NodeIncidents slug={slug} node={name} /> : null;
  return picture && node ? <NodeView picture={picture} node={node} kernel={kernel} kept={kept} /> : <NotThere what={`The node ${name}`} />;
}
