// SPDX-License-Identifier: Apache-2.0
import Link from "next/link";
import type { ReactNode } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { EmptyState } from "@/components/ui/EmptyState";
import { mayOpen, PLACES, type PlaceName } from "./places";

interface SettingsFrameProps {
  here: PlaceName;
  user: string;
  userRole: UserRole;
  children: ReactNode;
}

/** What every page of the settings stands in: the way to the others, and who this one is for. */
export function SettingsFrame({ here, user, userRole, children }: SettingsFrameProps) {
  const all = Object.entries(PLACES);
  const open = all.filter(([, place]) => mayOpen(place, userRole));
  const place = PLACES[here];
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label="Settings">
        {open.map(([key, { name, href }]) => (
          <Link key={key} href={href} aria-current={key === here ? "page" : undefined}>
            {name}
          </Link>
        ))}
        {open.length < all.length && <p className="d3 s12">Nodes, clusters, users and walls are set by an admin.</p>}
      </nav>
      <main>
        {mayOpen(place, userRole) ? (
          children
        ) : (
          <>
            <h1>{place.name}</h1>
            <EmptyState title="This page is an admin's">
              <p>
                It needs the role admin; {user} is {userRole}. Ask an admin for what is to be changed here.
              </p>
              <p>
                <Link className="go" href={PLACES.sessions.href}>
                  Your own sessions
                </Link>
              </p>
            </EmptyState>
          </>
        )}
      </main>
    </div>
  );
}
