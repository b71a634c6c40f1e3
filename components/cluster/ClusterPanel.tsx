// SPDX-License-Identifier: Apache-2.0
"use client";
import { useSearchParams } from "next/navigation";
import { NotThere } from "@/components/shell/NotThere";
import { ClusterView } from "./ClusterView";
import { usePicture } from "./use-picture";

export function ClusterPanel({ slug, mayEnrol }: { slug: string; mayEnrol: boolean }) {
  const picture = usePicture(slug);
  const shows = useSearchParams().get("view") === "paths" ? "paths" : "stack";
  return picture ? <ClusterView picture={picture} mayEnrol={mayEnrol} shows={shows} /> : <NotThere what={`The cluster ${slug}`} />;
}
