// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMemo } from "react";
import { createPicker } from "@/components/live/store";
import { useLive } from "@/components/live/use-live";
import { type Picture, selectPicture } from "./picture";

/** The picture of one cluster; undefined when the console does not know the cluster any more. */
export function usePicture(slug: string): Picture | undefined {
  const pick = useMemo(() => createPicker(selectPicture), []);
  return useLive(pick).find((picture) => picture.slug === slug);
}
