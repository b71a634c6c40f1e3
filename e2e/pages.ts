// SPDX-License-Identifier: Apache-2.0

/** A page of each kind; what holds for every page is tried on all of them. */
export const PAGES = [
  "/",
  "/c/san-a",
  "/c/attic",
  "/c/north",
  "/c/attic?view=paths",
  "/c/san-a/n/ruby",
  "/c/attic/n/hv05",
  "/c/san-a/drbd/store",
  "/c/north/drbd/pg-main",
  "/verify",
  "/verify?part=calendar",
  "/verify?part=schedules",
  "/audit",
  "/c/san-a/audit",
  "/c/san-a/availability",
  "/c/san-a/timeline",
  "/settings/nodes",
  "/settings/nodes/san-a/ruby",
  "/settings/clusters",
  "/settings/users",
  "/settings/walls",
  "/settings/findings",
  "/settings/alerts",
  "/settings/sessions",
  "/settings/tokens",
] as const;

const AT_ONCE = 4;

/** The same, a few at a time: a journey over all of them takes the longer the more there are. */
export const PAGE_GROUPS: readonly { name: string; pages: readonly string[] }[] = Array.from(
  { length: Math.ceil(PAGES.length / AT_ONCE) },
  (_, index) => {
    const pages = PAGES.slice(index * AT_ONCE, (index + 1) * AT_ONCE);
    return { name: `${pages[0]} to ${pages.at(-1)}`, pages };
  },
);
