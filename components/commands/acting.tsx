// SPDX-License-Identifier: Apache-2.0
"use client";
import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Offer } from "@/agent/protocol/console/commands";
import type { Ask } from "@/agent/protocol/console/runs";
import { useRecording } from "@/components/live/recorded";
import { useLiveValue } from "@/components/live/use-live";

/** What the one dialog is opened with: an offer with what is known already, an act by itself (an undo), or a run to look at. */
export type Wanted =
  | { what: "offer"; slug: string; title: string; offer: Offer; filled: Readonly<Record<string, string>> }
  | { what: "ask"; slug: string; title: string; ask: Ask }
  | { what: "run"; slug: string; title: string; run: string };

export interface Acting {
  user: string;
  userRole: UserRole;
  /** The cluster of this page; null on pages of the fleet. */
  slug: string | null;
  /** Opens the dialog; nothing is done before a person confirms in it. */
  open: (wanted: Wanted) => void;
}

const ActingContext = createContext<Acting | null>(null);

/** How commands are asked for on this page; null where nothing can be done: on a recording, on a wall. */
export function useActing(): Acting | null {
  return use(ActingContext);
}

const RANK: Record<UserRole, number> = { viewer: 0, operator: 1, admin: 2 };

export function mayDo(role: UserRole, needs: UserRole): boolean {
  return RANK[role] >= RANK[needs];
}

/** Why somebody of this role cannot do it; null: they can. */
export function roleRefusal(role: UserRole, needs: UserRole): string | null {
  return mayDo(role, needs) ? null : `Needs the role ${needs}; yours is ${role}.`;
}

/** Gives a value as it is: for tests of what stands on it. */
export function ActingWith({ acting, children }: { acting: Acting | null; children: ReactNode }) {
  return <ActingContext value={acting}>{children}</ActingContext>;
}

const loadDialog = () => import("./CommandDialog");
type Loaded = Awaited<ReturnType<typeof loadDialog>>;

/** Stands around every page: keeps the one dialog, which is loaded when it is first asked for. */
export function ActingProvider({ user, userRole, children }: { user: string; userRole: UserRole; children: ReactNode }) {
  const { scope } = useLiveValue().store;
  const slug = scope.of === "cluster" ? scope.slug : null;
  const isRecording = useRecording() !== undefined;
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [wanted, setWanted] = useState<{ wanted: Wanted; number: number } | null>(null);
  const [isUnreachable, setUnreachable] = useState(false);
  const open = useCallback((next: Wanted) => {
    setUnreachable(false);
    loadDialog().then(
      (module) => {
        setLoaded(module);
        setWanted((before) => ({ wanted: next, number: (before?.number ?? 0) + 1 }));
      },
      () => setUnreachable(true),
    );
  }, []);
  const acting = useMemo(() => (isRecording ? null : { user, userRole, slug, open }), [isRecording, user, userRole, slug, open]);
  return (
    <ActingContext value={acting}>
      {children}
      {isUnreachable && (
        <p role="alert" className="act-lost risk">
          Not opened: the console did not answer. Nothing was done.
        </p>
      )}
      {loaded && wanted && (
        <loaded.CommandDialog
          key={wanted.number}
          wanted={wanted.wanted}
          userRole={userRole}
          onOpen={open}
          onClose={() => setWanted((now) => (now === wanted ? null : now))}
        />
      )}
    </ActingContext>
  );
}
