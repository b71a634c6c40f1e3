// SPDX-License-Identifier: Apache-2.0
import { redirect } from "next/navigation";
import { requireSession } from "@/app/(console)/session";
import { PLACES } from "@/components/settings/places";

/** The settings begin with what most come for: an admin for the nodes, everybody else for their own sessions. */
export default async function SettingsPage() {
  const { role } = await requireSession();
  redirect(role === "admin" ? PLACES.nodes.href : PLACES.sessions.href);
}
