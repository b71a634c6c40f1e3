// SPDX-License-Identifier: Apache-2.0
"use client";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Offer } from "@/agent/protocol/console/commands";
import { Refusal } from "@/components/ask/Refusal";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { roleRefusal } from "./acting";
import { bareTitle } from "./offer-title";

interface OffersListProps {
  label: string;
  /** Null while the console has not answered. */
  offers: readonly Offer[] | null;
  error: Error | null;
  userRole: UserRole;
  onChoose: (offer: Offer) => void;
  onClose: (givesFocusBack: boolean) => void;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** A menu of offers. What is refused stays in its place, can be read with the keys, and cannot be chosen. */
export function OffersList({ label, offers, error, userRole, onChoose, onClose }: OffersListProps) {
  const menu = useRef<HTMLDivElement>(null);
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const isThere = offers !== null && offers.length > 0;
  // The keys are the menu's from the moment it is there: first the menu itself, then its first entry.
  useEffect(() => {
    if (isThere) menu.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    else menu.current?.focus();
  }, [isThere]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      return onClose(true);
    }
    const all = items();
    const at = all.findIndex((item) => item.matches(":focus"));
    const step = STEPS[event.key];
    const next =
      step !== undefined ? (at + step + all.length) % all.length : event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : null;
    if (next === null) return;
    event.preventDefault();
    all[next]?.focus();
  };
  return (
    <div
      ref={menu}
      role="menu"
      aria-label={label}
      aria-busy={offers === null && !error}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onBlur={({ relatedTarget }) => {
        // Where the focus goes nowhere (the list just came), it stays open.
        if (relatedTarget instanceof Node && !menu.current?.contains(relatedTarget)) onClose(false);
      }}
    >
      <Refusal error={error} />
      {offers === null && !error && (
        <p role="status" className="d3">
          asking the console what can be done
        </p>
      )}
      {offers?.length === 0 && (
        <p role="status" className="d3">
          Nothing is offered here.
        </p>
      )}
      {offers?.map((offer) => {
        const refusal = roleRefusal(userRole, offer.needs) ?? offer.refusal;
        return (
          <button
            key={`${offer.ask.verb} ${JSON.stringify(offer.ask.args)}`}
            type="button"
            role="menuitem"
            tabIndex={-1}
            aria-disabled={refusal !== null}
            onClick={() => refusal === null && onChoose(offer)}
          >
            <Icon shape={refusal === null ? "next" : "stop"} />
            <span>
              <b>{bareTitle(offer.title)}…</b>
              <small>{unbroken(refusal ?? offer.does)}</small>
            </span>
          </button>
        );
      })}
    </div>
  );
}
