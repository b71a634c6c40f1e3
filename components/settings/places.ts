// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";

/** A page of the settings. */
export interface SettingsPlace {
  name: string;
  href: string;
  /** Whose page it is. */
  needs: "admin" | "everybody";
}

export const PLACES = {
  nodes: { name: "Nodes", href: "/settings/nodes", needs: "admin" },
  clusters: { name: "Clusters", href: "/settings/clusters", needs: "admin" },
  users: { name: "Users", href: "/settings/users", needs: "admin" },
  walls: { name: "Walls", href: "/settings/walls", needs: "admin" },
  findings: { name: "Findings", href: "/settings/findings", needs: "everybody" },
  sessions: { name: "Sessions", href: "/settings/sessions", needs: "everybody" },
  tokens: { name: "API tokens", href: "/settings/tokens", needs: "everybody" },
  alerts: { name: "Alerts", href: "/settings/alerts", needs: "everybody" },
} as const satisfies Record<string, SettingsPlace>;
export type PlaceName = keyof typeof PLACES;

export function mayOpen({ needs }: SettingsPlace, role: UserRole): boolean {
  return needs === "everybody" || role === "admin";
}
