// SPDX-License-Identifier: Apache-2.0
import { Button } from "@/components/ui/Button";

interface ActProps {
  word: string;
  label: string;
  /** The id of the text that says why it is refused; missing: it is not. */
  refusedBy?: string | undefined;
  onClick: () => void;
}

/** A button that opens an act. One that is refused stays in its place, and its reason is told with it. */
export function Act({ word, label, refusedBy, onClick }: ActProps) {
  return (
    <Button small onClick={onClick} aria-label={label} disabled={refusedBy !== undefined} aria-describedby={refusedBy}>
      {word}
    </Button>
  );
}
