// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { PlaceList, type UserRole } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { ask } from "@/components/ask/ask";
import { Dialog } from "@/components/ui/Dialog";
import { PaletteView } from "./PaletteView";
import { pagesFor, type Row, rowOf } from "./place";
import { keepRecent, readRecent } from "./recent";

interface PalettePanelProps {
  userRole: UserRole;
  /** The slug of the cluster of this page. */
  here: string | null;
  /** What was typed before it was there. */
  typed: string;
  onClose: () => void;
  onGo: (href: string) => void;
  onHelp: () => void;
}

/** The palette over whatever page is open: it asks the console what there is when it opens. */
export function PalettePanel(props: PalettePanelProps) {
  return (
    <AskProvider>
      <Panel {...props} />
    </AskProvider>
  );
}

function Panel({ userRole, here, typed, onClose, onGo, onHelp }: PalettePanelProps) {
  const places = useQuery({ queryKey: ["places"], queryFn: () => ask("GET", "/api/v1/places", PlaceList) });
  const pages = pagesFor(userRole);
  const rows = places.data ? [...places.data.places.map(rowOf), ...pages] : places.error ? pages : null;
  return (
    <Dialog label="Go to" className="pal" onClose={onClose}>
      {(close) => (
        <PaletteView
          rows={rows}
          typed={typed}
          trouble={places.error?.message ?? null}
          around={{ here, recent: readRecent(localStorage) }}
          onOpen={(row: Row) => {
            keepRecent(localStorage, row.href);
            close();
            onGo(row.href);
          }}
          onHelp={() => {
            close();
            onHelp();
          }}
        />
      )}
    </Dialog>
  );
}
