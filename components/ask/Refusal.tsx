// SPDX-License-Identifier: Apache-2.0
import { Icon } from "@/components/ui/Icon";

/** Why the console did not do what was asked. */
export function Refusal({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <p role="alert" className="refusal">
      <Icon shape="stop" /> {error.message}
    </p>
  );
}
