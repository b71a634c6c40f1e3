// SPDX-License-Identifier: Apache-2.0
import { Field } from "@/components/ui/Field";

/** The short name of a new cluster, as it stands in addresses. */
export function SlugField({ label, hint }: { label: string; hint: string }) {
  return (
    <Field
      label={label}
      name="slug"
      required
      pattern="[a-z0-9][a-z0-9\-]{0,39}"
      maxLength={40}
      spellCheck={false}
      autoCapitalize="none"
      hint={hint}
    />
  );
}
