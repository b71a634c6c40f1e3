// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { useRecording } from "@/components/live/recorded";
import { useLiveValue } from "@/components/live/use-live";
import { PLACES } from "@/components/settings/places";
import { Mark } from "@/components/ui/Mark";
import { CrumbLink } from "./CrumbLink";
import { LineStatus } from "./LineStatus";
import { AUDIT, TIMELINE, VERIFY } from "./places";
import { SignOut } from "./SignOut";
import { ThemeSwitch } from "./ThemeSwitch";

/** Where a page stands: the crumbs after Fleet, the last one is here. */
export interface Crumb {
  name: string;
  href: string;
}

interface TopBarProps {
  user: string;
  userRole: UserRole;
  crumbs: readonly Crumb[];
  /** The way to everything that has no link here. */
  children?: ReactNode;
}

export function TopBar({ user, userRole, crumbs, children }: TopBarProps) {
  const here = crumbs.at(-1)?.href ?? "/";
  const isSettings = here.startsWith("/settings");
  const { scope } = useLiveValue().store;
  const isRecording = useRecording() !== undefined;
  // A recording holds one moment, and the fleet has no timeline of its own.
  const timeline = scope.of === "cluster" && !isRecording ? TIMELINE.of(scope.slug) : null;
  const audit = AUDIT.of(scope.of === "cluster" ? scope.slug : null);
  const places = [
    { name: "Fleet", href: "/" },
    ...crumbs.filter(({ href }) => !href.startsWith("/settings") && href !== audit && href !== timeline && href !== VERIFY.href),
  ];
  return (
    <header className="top">
      <Link className="mark" href="/">
        <Mark />
        <span className="word">Quarterdeck</span>
      </Link>
      <nav aria-label="Main">
        {places.map(({ name, href }) => (
          <CrumbLink key={href} name={name} href={href} isHere={href === here} />
        ))}
        {timeline !== null && (
          <Link href={timeline} aria-current={here === timeline ? "page" : undefined}>
            {TIMELINE.name}
          </Link>
        )}
        <Link href={VERIFY.href} aria-current={here === VERIFY.href ? "page" : undefined}>
          {VERIFY.name}
        </Link>
        <Link href={audit} aria-current={here === audit ? "page" : undefined}>
          {AUDIT.name}
        </Link>
        <Link href={userRole === "admin" ? PLACES.nodes.href : PLACES.sessions.href} aria-current={isSettings ? "page" : undefined}>
          Settings
        </Link>
      </nav>
      <div className="end">
        {children}
        <LineStatus />
        <ThemeSwitch />
        <b>{user}</b>
        <SignOut />
      </div>
    </header>
  );
}
