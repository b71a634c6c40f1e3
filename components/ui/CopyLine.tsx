// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import { Button } from "./Button";
import { Icon } from "./Icon";

/** A line that can be typed into a shell, with a button that copies it. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState<"" | "copied" | "not copied: select it by hand">("");
  const copy = () =>
    // Without HTTPS browsers offer no clipboard: the line can still be selected.
    (navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("no clipboard"))).then(
      () => setSaid("copied"),
      () => setSaid("not copied: select it by hand"),
    );
  return (
    <div className="copy-line">
      <code>{text}</code>
      <Button small onClick={copy} aria-label={`Copy ${label}`}>
        <Icon shape="copy" /> Copy
      </Button>
      <span role="status" className="s12 d2">
        {said}
      </span>
    </div>
  );
}
