// SPDX-License-Identifier: Apache-2.0

/** Every mirror's proof, of all clusters. */
export const VERIFY = { name: "Verify", href: "/verify" } as const;

/** The audit of one cluster, or (null) of all. */
export const AUDIT = { name: "Audit", of: (slug: string | null) => (slug === null ? "/audit" : `/c/${slug}/audit`) } as const;

/** How available a cluster's services were, and every fencing that is kept. */
export const AVAILABILITY = { name: "Availability", of: (slug: string) => `/c/${slug}/availability` } as const;

/** What happened in one cluster; narrowed to a node or resource, or told from a moment on. */
export const TIMELINE = {
  name: "Timeline",
  of: (slug: string, more: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams(more).toString();
    return `/c/${slug}/timeline${query === "" ? "" : `?${query}`}`;
  },
  /** The one that belongs to a page of a cluster: on a node's or mirror's only what is theirs. */
  ofPage: (slug: string, path: string) => {
    const [, kind, name] = /^\/c\/[^/]+\/(n|drbd)\/([^/]+)$/.exec(path) ?? [];
    if (kind === undefined || name === undefined) return TIMELINE.of(slug);
    return TIMELINE.of(slug, { [kind === "n" ? "node" : "resource"]: decodeURIComponent(name) });
  },
} as const;
