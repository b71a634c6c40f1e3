// SPDX-License-Identifier: Apache-2.0
"use client";
import { useSearchParams } from "next/navigation";
import { ClusterAvailability } from "@/components/history/ClusterAvailability";
import { useRecording } from "@/components/live/recorded";
import { NotThere } from "@/components/shell/NotThere";
import { ClusterView } from "./ClusterView";
import { usePicture } from "./use-picture";

export function ClusterPanel({ slug, mayEnrol }: { slug: string; mayEnrol: boolean }) {
  const picture = usePicture(slug);
  const shows = useSearchParams().get("view") === "paths" ? "paths" : "stack";
  // Of a recording the console keeps nothing of its own.
  const isRecording = useRecording() !== undefined;
  const kept = picture && !isRecording ? <ClusterAvailability slug={slug} /> : null;
  return picture ? (
    <ClusterView picture={picture} mayEnrol={mayEnrol} shows={shows} kept={kept} />
  ) : (
    <NotThere what={`The cluster ${slug}`} />
  );
}
