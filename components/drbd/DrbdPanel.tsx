// SPDX-License-Identifier: Apache-2.0
"use client";
import { usePicture } from "@/components/cluster/use-picture";
import { NotThere } from "@/components/shell/NotThere";
import { DrbdView } from "./DrbdView";

export function DrbdPanel({ slug, resource }: { slug: string; resource: string }) {
  const picture = usePicture(slug);
  const isKnown =
    picture?.of("mirror").some(([, mirror]) => mirror.resource === resource) ||
    picture?.of("drbd").some(([, side]) => side.resource === resource);
  return picture && isKnown ? <DrbdView picture={picture} resource={resource} /> : <NotThere what={`The resource ${resource}`} />;
}
