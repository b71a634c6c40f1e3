// SPDX-License-Identifier: Apache-2.0
"use client";
import { NotThere } from "@/components/shell/NotThere";
import { ClusterView } from "./ClusterView";
import { usePicture } from "./use-picture";

export function ClusterPanel({ slug, mayEnrol }: { slug: string; mayEnrol: boolean }) {
  const picture = usePicture(slug);
  return picture ? <ClusterView picture={picture} mayEnrol={mayEnrol} /> : <NotThere what={`The cluster ${slug}`} />;
}
