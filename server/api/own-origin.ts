// SPDX-License-Identifier: Apache-2.0

/**
 * Whether a request comes from another site's page, by what the browser says of it. `mustSay`: a request that says nothing
 * is taken to be from elsewhere, because a browser that is to change something with a cookie always says it.
 */
export function isFromElsewhere({ headers, url }: Request, silence: "mayBeSilent" | "mustSay"): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site !== "same-origin";
  const origin = headers.get("origin");
  if (origin === null) return silence === "mustSay";
  if (!URL.canParse(origin)) return true; // "null", from a sandboxed frame or a file
  const page = new URL(origin);
  // Where TLS ends here our pages came by https; behind a proxy that ends it, what reaches us is http.
  return page.host !== headers.get("host") || (url.startsWith("https:") && page.protocol !== "https:");
}
