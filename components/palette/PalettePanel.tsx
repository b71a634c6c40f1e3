// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PlaceList, type UserRole } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { ask } from "@/components/ask/ask";
import { useActing } from "@/components/commands/acting";
import { offersOf } from "@/components/commands/offers";
import { Dialog } from "@/components/ui/Dialog";
import { PaletteView } from "./PaletteView";
import { commandRow, pagesFor, type Row, rowOf, subjectsOf, timelineRow } from "./place";
import { wordsOf } from "./rank";
import { keepRecent, readRecent } from "./recent";

/** So long an offer that was asked for is not asked for again while one types. Units: ms. */
const OFFERS_HOLD_MS = 10_000;

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
  const acting = useActing();
  const [query, setQuery] = useState(typed);
  const places = useQuery({ queryKey: ["places"], queryFn: () => ask("GET", "/api/v1/places", PlaceList) });
  const pages = pagesFor(userRole);
  const subjects = acting && here !== null && places.data ? subjectsOf(places.data.places, here, wordsOf(query)) : [];
  const offers = useQueries({ queries: subjects.map((about) => ({ ...offersOf(here ?? "", about), staleTime: OFFERS_HOLD_MS })) });
  // The same command may be offered for a thing and for its part: one row.
  const commands = new Map(
    offers
      .flatMap(({ data }) => data?.offers ?? [])
      .map((offer) => {
        const row = commandRow(offer, here ?? "");
        return [row.href, row];
      }),
  );
  // Volumes of one resource share a timeline: one row.
  const timelines = new Map((places.data?.places ?? []).flatMap(timelineRow).map((row) => [row.href, row]));
  const rows = places.data
    ? [...places.data.places.map(rowOf), ...commands.values(), ...timelines.values(), ...pages]
    : places.error
      ? pages
      : null;
  return (
    <Dialog label="Go to" className="pal" onClose={onClose}>
      {(close) => (
        <PaletteView
          rows={rows}
          typed={typed}
          trouble={places.error?.message ?? null}
          around={{ here, recent: readRecent(localStorage) }}
          onQuery={setQuery}
          onOpen={(row: Row) => {
            if (row.offer && here !== null) {
              close();
              acting?.open({ what: "offer", slug: here, title: row.name, offer: row.offer, filled: {} });
              return;
            }
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
