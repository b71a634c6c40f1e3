// SPDX-License-Identifier: Apache-2.0
"use client";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import type { UserRole } from "@/agent/protocol/console/api";
import { useRecording } from "@/components/live/recorded";
import { PLACES } from "@/components/settings/places";
import { TIMELINE, VERIFY } from "@/components/shell/places";
import { arrive } from "./arrive";
import { type Act, actOf, hasSingleKeys } from "./keys";
import { moveRow } from "./move-row";

/** Loaded when first asked for: no page waits for it. */
async function loadDialogs() {
  const [{ PalettePanel }, { HelpSheet }] = await Promise.all([import("./PalettePanel"), import("./HelpSheet")]);
  return { PalettePanel, HelpSheet };
}
type Dialogs = Awaited<ReturnType<typeof loadDialogs>>;

type Phase = "closed" | "opening" | "palette" | "help" | "unreachable";

/** How long "g" waits for its second key. Units: ms. */
const SECOND_KEY_WITHIN_MS = 1_500;

interface GoToProps {
  userRole: UserRole;
  /** The slug of the cluster of this page. */
  here: string | null;
}

/** The button that opens the palette, and the keys of the whole console. */
export function GoTo(props: GoToProps) {
  const router = useRouter();
  const isRecording = useRecording() !== undefined;
  const onGo = useCallback(
    (href: string) => {
      router.push(href);
      const to = new URL(href, location.href);
      // A page that is there already does not arrive by itself.
      if (to.pathname === location.pathname) arrive(to.hash);
    },
    [router],
  );
  return <KeysOfConsole {...props} hasTimeline={!isRecording} onGo={onGo} />;
}

interface KeysOfConsoleProps extends GoToProps {
  /** A recording holds one moment: it has none. */
  hasTimeline?: boolean;
  onGo: (href: string) => void;
}

/** The same, for whoever can go somewhere. */
export function KeysOfConsole({ userRole, here, hasTimeline = true, onGo }: KeysOfConsoleProps) {
  const [phase, setPhase] = useState<Phase>("closed");
  const [dialogs, setDialogs] = useState<Dialogs | null>(null);

  /** What was typed while the palette was still on its way. */
  const typed = useRef("");

  const open = useCallback((next: "palette" | "help") => {
    typed.current = "";
    setPhase("opening");
    loadDialogs().then(
      (loaded) => {
        // At once, so that no key falls between what was typed before and the dialog's own line.
        flushSync(() => {
          setDialogs(loaded);
          setPhase(next);
        });
      },
      () => setPhase("unreachable"),
    );
  }, []);

  useEffect(() => {
    const act = (what: Act) => {
      switch (what) {
        case "palette":
        case "help":
          return open(what);
        case "nextRow":
        case "previousRow":
          return moveRow(document, what === "nextRow" ? 1 : -1);
        case "fleet":
          return onGo("/");
        case "cluster":
          return here === null ? undefined : onGo(`/c/${here}`);
        case "timeline":
          return here === null || !hasTimeline ? undefined : onGo(TIMELINE.ofPage(here, location.pathname));
        case "verify":
          return onGo(VERIFY.href);
        case "settings":
          return onGo(userRole === "admin" ? PLACES.nodes.href : PLACES.sessions.href);
      }
    };
    let before: { key: string; atMs: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (phase === "opening") {
        if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) typed.current += event.key;
        return;
      }
      const isRow = document.activeElement?.matches("[data-row]") ?? false;
      const isTyping = event.target instanceof Element && event.target.matches("input, textarea, select, [contenteditable]");
      const first = before && event.timeStamp - before.atMs < SECOND_KEY_WITHIN_MS ? before.key : null;
      before = { key: event.key, atMs: event.timeStamp };
      const what = actOf(event, first, { single: !isTyping && hasSingleKeys(localStorage), isRow });
      if (what === null) return;
      event.preventDefault();
      act(what);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [open, onGo, here, hasTimeline, userRole, phase]);

  // A dialog says that it is closed after the next one was asked for: only its own word counts.
  const closed = (which: Phase) => () => setPhase((now) => (now === which ? "closed" : now));
  return (
    <>
      {phase === "unreachable" && (
        <span role="alert" className="risk">
          not opened: the console did not answer
        </span>
      )}
      <OpenButton onOpen={() => open("palette")} />
      {dialogs && phase === "palette" && (
        <dialogs.PalettePanel
          userRole={userRole}
          here={here}
          typed={typed.current}
          onClose={closed("palette")}
          onGo={onGo}
          onHelp={() => setPhase("help")}
        />
      )}
      {dialogs && phase === "help" && <dialogs.HelpSheet onClose={closed("help")} />}
    </>
  );
}

function OpenButton({ onOpen }: { onOpen: () => void }) {
  const isApple = useSyncExternalStore(
    () => () => undefined,
    () => navigator.platform.startsWith("Mac") || navigator.platform.startsWith("iP"),
    () => false,
  );
  return (
    <button type="button" className="btn s goto" onClick={onOpen} aria-keyshortcuts="Control+K Meta+K" aria-haspopup="dialog">
      Go to <kbd>{isApple ? "⌘K" : "Ctrl K"}</kbd>
    </button>
  );
}
