// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { ReactNode } from "react";
import { MaintenanceNotes } from "@/components/commands/MaintenanceNotes";
import { PathsPanel } from "@/components/paths/PathsPanel";
import { TIMELINE } from "@/components/shell/places";
import { EmptyState } from "@/components/ui/EmptyState";
import { clientsOf, membersOf, type Picture } from "./picture";
import { Changes, Fencings, Findings } from "./Rail";
import { StackTable } from "./StackTable";
import { StackThree } from "./StackThree";
import { StackTwo } from "./StackTwo";
import { VerdictHead } from "./VerdictHead";

interface ClusterViewProps {
  picture: Picture;
  mayEnrol: boolean;
  shows?: "stack" | "paths";
  /** What the console keeps of it; missing: nothing. */
  kept?: ReactNode;
}

/** One cluster: its verdict, its stack, and beside it what a person should know. */
export function ClusterView({ picture, mayEnrol, shows = "stack", kept }: ClusterViewProps) {
  const { slug, cluster } = picture;
  return (
    <main className="page">
      <MaintenanceNotes maintenances={picture.of("maintenance")} />
      <VerdictHead slug={slug} cluster={cluster} />
      <nav className="verify-parts" aria-label="Parts of this page">
        {PARTS.map(([part, name, query]) => (
          <Link key={part} href={`/c/${slug}${query}`} aria-current={part === shows ? "page" : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {shows === "paths" ? <PathsPanel picture={picture} /> : <StackAndRail picture={picture} mayEnrol={mayEnrol} kept={kept} />}
    </main>
  );
}

const PARTS = [
  ["stack", "Stack", ""],
  ["paths", "Paths to the disks", "?view=paths"],
] as const;

function StackAndRail({ picture, mayEnrol, kept }: Pick<ClusterViewProps, "picture" | "mayEnrol" | "kept">) {
  return (
    <>
      <div className="stack">
        <Stack picture={picture} mayEnrol={mayEnrol} />
      </div>
      <aside className="rail" aria-label="Now">
        <Findings findings={picture.of("finding")} cluster={picture.cluster} />
        <Fencings slug={picture.slug} fencings={picture.of("fencing")} />
        {kept}
        <Changes events={picture.of("event")} all={TIMELINE.of(picture.slug)} />
      </aside>
    </>
  );
}

function Stack({ picture, mayEnrol }: { picture: Picture; mayEnrol: boolean }) {
  const members = membersOf(picture.of("node"));
  const clients = clientsOf(picture.of("node"));
  const [a, b, c] = members;
  if (members.length + clients.length === 0)
    return (
      <EmptyState title="No node is enrolled here yet">
        <p>Nodes appear as soon as their agents have been enrolled.</p>
        {mayEnrol && (
          <p>
            <Link className="go" href="/settings/nodes">
              Add a node
            </Link>
          </p>
        )}
      </EmptyState>
    );
  if (a && b && c && members.length === 3) return <StackThree picture={picture} nodes={[a, b, c]} clients={clients} />;
  if (a && b && members.length === 2) return <StackTwo picture={picture} a={a} b={b} clients={clients} />;
  return <StackTable picture={picture} clients={clients} />;
}
