// SPDX-License-Identifier: Apache-2.0
"use client";
import { useLoaded } from "@/components/ask/use-loaded";
import type { Picture } from "@/components/cluster/picture";
import { EmptyState } from "@/components/ui/EmptyState";

const loadPaths = () => import("./PathsView");

/** The ways from clients' devices to disks; what draws them is large, and comes when it is asked for. */
export function PathsPanel({ picture }: { picture: Picture }) {
  const view = useLoaded(loadPaths);
  if (view.is === "unreachable")
    return (
      <EmptyState title="The paths could not be loaded">
        <p>The console did not answer. Load this page again.</p>
      </EmptyState>
    );
  return view.is === "there" ? (
    <view.module.PathsView picture={picture} />
  ) : (
    <p className="d3 paths-wait">asking the console for what draws the paths</p>
  );
}
