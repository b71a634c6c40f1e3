// SPDX-License-Identifier: Apache-2.0
"use client";
import { type MouseEvent, type ReactNode, useLayoutEffect, useRef } from "react";

/**
 * A modal dialog: the browser keeps the focus inside, closes on Esc, and gives the focus back to where it was.
 * Whoever closes it by hand calls the `close` of the element, so that the focus goes back as well.
 */
export function Dialog(props: { label: string; className?: string; onClose: () => void; children: (close: () => void) => ReactNode }) {
  const { label, className = "", onClose, children } = props;
  const ref = useRef<HTMLDialogElement>(null);
  // Before the browser does anything else: the next key is the dialog's.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  const close = () => ref.current?.close();
  // Its own padding is none: a click that hits the element itself is on the scrim.
  const onScrim = (event: MouseEvent) => {
    if (event.target === ref.current) close();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc does for the keyboard what a click on the scrim does for the mouse
    <dialog ref={ref} className={`dialog ${className}`.trim()} aria-label={label} onClose={onClose} onClick={onScrim}>
      {children(close)}
    </dialog>
  );
}
