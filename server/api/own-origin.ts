// SPDX-License-Identifier: Apache-2.0
import { isOwnPage } from "@/server/web/address";

/**
 * Whether a request comes from another site's page, by what the browser says of it. `mustSay`: a request that says nothing
 * is taken to be from elsewhere, because a browser that is to change something with a cookie always says it.
 */
export function isFromElsewhere({ headers, url }: Request, silence: "mayBeSilent" | "mustSay", publicUrl: string | null): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin";
  const origin = headers.get("origin");
  if (origin === null) return silence === "mustSay";
  return !isOwnPage(origin, headers.get("host") ?? "", url.startsWith("https:"), publicUrl);
}
