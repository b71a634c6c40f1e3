// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import type { Scope } from "@/agent/protocol/console/feed";
import type { shellProps } from "@/app/(console)/session";
import { PLACES, type PlaceName } from "@/components/settings/places";
import { SettingsFrame } from "@/components/settings/SettingsFrame";
import { ConsoleShell } from "@/components/shell/ConsoleShell";
import { door } from "@/server/door";

interface SettingsShellProps {
  shell: Awaited<ReturnType<typeof shellProps>>;
  here: PlaceName;
  /** What of the clusters it shows live; the fleet in outline where it says nothing. */
  scope?: Scope;
  children: ReactNode;
}

/** The one layout of all settings. */
export function SettingsShell({ shell, here, scope = { of: "fleet" }, children }: SettingsShellProps) {
  const { name, href } = PLACES[here];
  return (
    <ConsoleShell {...shell} initial={door().snapshot(scope)} crumbs={[{ name, href }]}>
      <SettingsFrame here={here} user={shell.user} userRole={shell.role}>
        {children}
      </SettingsFrame>
    </ConsoleShell>
  );
}
