// SPDX-License-Identifier: Apache-2.0
"use client";
import { Button } from "@/components/ui/Button";

const YEAR_SECONDS = 31_536_000;

/** Dark or light. The choice is a cookie, so that the server's first paint already has it. */
export function ThemeSwitch() {
  const change = () => {
    const root = document.documentElement;
    const next = root.dataset.theme === "light" ? "dark" : "light";
    root.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we serve
    document.cookie = `theme=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  };
  return (
    <Button small onClick={change} aria-label="Switch between dark and light">
      <span className="only-dark">Light</span>
      <span className="only-light">Dark</span>
    </Button>
  );
}
