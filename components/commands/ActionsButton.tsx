// SPDX-License-Identifier: Apache-2.0
"use client";
import { useRef, useState } from "react";
import { useActing } from "./acting";

const loadMenu = () => import("./OffersMenu");
type Loaded = Awaited<ReturnType<typeof loadMenu>>;

interface ActionsButtonProps {
  /** The entity's key, or `cluster`. */
  about: string;
  /** What people call it: "ruby", "g_mail"; null for the cluster as a whole. */
  subject: string | null;
  word?: string;
}

/** Opens what can be done about one thing; absent where nothing can be done at all. The menu and what it lists come when it is opened. */
export function ActionsButton({ about, subject, word = "Actions" }: ActionsButtonProps) {
  const acting = useActing();
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [phase, setPhase] = useState<"closed" | "opening" | "open" | "unreachable">("closed");
  const button = useRef<HTMLButtonElement>(null);
  if (acting === null || acting.slug === null) return null;
  const open = () => {
    setPhase("opening");
    loadMenu().then(
      (module) => {
        setLoaded(module);
        setPhase("open");
      },
      () => setPhase("unreachable"),
    );
  };
  const close = (givesFocusBack: boolean) => {
    setPhase("closed");
    if (givesFocusBack) button.current?.focus();
  };
  return (
    <span className="actions">
      <button
        ref={button}
        type="button"
        className="btn s quiet"
        aria-label={subject === null ? undefined : `${word} on ${subject}`}
        aria-haspopup="menu"
        aria-expanded={phase === "open"}
        onClick={() => (phase === "open" ? close(true) : open())}
      >
        {word}
      </button>
      {phase === "unreachable" && (
        <span role="alert" className="risk s12">
          {" "}
          not opened: the console did not answer
        </span>
      )}
      {loaded && phase === "open" && (
        <loaded.OffersMenu acting={acting} slug={acting.slug} about={about} subject={subject} button={button} onClose={close} />
      )}
    </span>
  );
}
