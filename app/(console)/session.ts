// SPDX-License-Identifier: Apache-2.0
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { door } from "@/server/door";

/** Who asks for this page; without a session on to the sign-in page, or to the first admin's page while there is none. Asked once per request. */
export const requireSession = cache(async () => {
  const session = await door().sessionOf((await headers()).get("cookie"));
  if (session) return session;
  return redirect((await door().needsSetup()) ? "/setup" : "/sign-in");
});

/** What every page hands to the shell: who looks, and by which clock. */
export async function shellProps() {
  const { user, role } = await requireSession();
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { user, role, timingFactor: door().timingFactor, zone: timeZone };
}
