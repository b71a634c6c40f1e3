// SPDX-License-Identifier: Apache-2.0
"use client";
import { type MouseEvent, type ReactNode, useLayoutEffect, useRef } from "react";

interface DialogProps {
  label: string;
  className?: string;
  /** It asks something: what was typed is not lost by a click beside it. */
  asks?: boolean;
  onClose: () => void;
  children: (close: () => void) => ReactNode;
}

/**
 * A modal dialog: the browser keeps the focus inside, closes on Esc, and gives the focus back to where it was.
 * Whoever closes it by hand calls the `close` of the element, so that the focus goes back as well.
 */
export function Dialog({ label, className = "", asks = false, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  // Before the browser does anything else: the next key is the dialog's.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      // Closed before it leaves the page: only then does the browser give the focus back.
      dialog?.close();
      const around = focusableAround(dialog);
      queueMicrotask(() => keepFocus(around));
    };
  }, []);
  // Told at once: the browser's own word comes a task later, and whoever asks again in between would ask one that is still open.
  const close = () => {
    ref.current?.close();
    keepFocus(focusableAround(ref.current));
    onClose();
  };
  // Its own padding is none: a click that hits the element itself is on the scrim.
  const onScrim = (event: MouseEvent) => {
    if (!asks && event.target === ref.current) close();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does for the keyboard what a click on the scrim does for the mouse
    <dialog
      ref={ref}
      className={`dialog ${className}`.trim()}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      // Where the browser closes it by itself.
      onClose={() => ref.current?.open === false && onClose()}
      onClick={onScrim}
    >
      {children(close)}
    </dialog>
  );
}

/** What of the page around it can take the focus. */
function focusableAround(dialog: HTMLElement | null): HTMLElement | null {
  return dialog?.parentElement?.closest<HTMLElement>("[tabindex]") ?? null;
}

/** Where what opened it is gone (a row that was removed), the focus is with the page around it, not at the start of everything. */
function keepFocus(around: HTMLElement | null): void {
  if (document.activeElement === document.body) around?.focus({ preventScroll: true });
}
