// SPDX-License-Identifier: Apache-2.0

/** Every mirror's proof, of all clusters. */
export const VERIFY = { name: "Verify", href: "/verify" } as const;

/** The audit of one cluster, or (null) of all. */
export const AUDIT = { name: "Audit", of: (slug: string | null) => (slug === null ? "/audit" : `/c/${slug}/audit`) } as const;

/** How available a cluster's services were, and every fencing that is kept. */
export const AVAILABILITY = { name: "Availability", of: (slug: string) => `/c/${slug}/availability` } as const;
