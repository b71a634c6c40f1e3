// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Offer } from "@/agent/protocol/console/commands";
import { AskProvider } from "@/components/ask/AskProvider";
import type { Acting } from "./acting";
import { OffersList } from "./OffersList";
import { bareTitle } from "./offer-title";
import { offersOf } from "./offers";

interface OffersMenuProps {
  acting: Acting;
  slug: string;
  about: string;
  subject: string | null;
  button: RefObject<HTMLButtonElement | null>;
  onClose: (givesFocusBack: boolean) => void;
}

/** What can be done about one thing, asked for when it is opened: by then it may be another. */
export function OffersMenu(props: OffersMenuProps) {
  return (
    <AskProvider>
      <Menu {...props} />
    </AskProvider>
  );
}

function Menu({ acting, slug, about, subject, button, onClose }: OffersMenuProps) {
  const box = useRef<HTMLDivElement>(null);
  const [side, setSide] = useState<"left" | "right">("left");
  const offers = useQuery(offersOf(slug, about));
  useLayoutEffect(() => {
    const { left = 0 } = button.current?.getBoundingClientRect() ?? {};
    setSide(left > window.innerWidth / 2 ? "right" : "left");
    box.current?.scrollIntoView({ block: "nearest" });
  }, [button]);
  useEffect(() => {
    const onPress = (event: PointerEvent) => {
      const { target } = event;
      if (target instanceof Node && !box.current?.contains(target) && !button.current?.contains(target)) onClose(false);
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [onClose, button]);
  const choose = (offer: Offer) => {
    onClose(true);
    acting.open({ what: "offer", slug, title: bareTitle(offer.title), offer, filled: {} });
  };
  return (
    <div ref={box} className="offers" data-side={side}>
      <OffersList
        label={`Actions on ${subject ?? slug}`}
        offers={offers.data?.offers ?? null}
        error={offers.error}
        userRole={acting.userRole}
        onChoose={choose}
        onClose={onClose}
      />
    </div>
  );
}
