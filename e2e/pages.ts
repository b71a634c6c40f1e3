// SPDX-License-Identifier: Apache-2.0

/** A page of each kind; what holds for every page is tried on all of them. */
export const PAGES = [
  "/",
  "/c/san-a",
  "/c/attic",
  "/c/north",
  "/c/san-a/n/ruby",
  "/c/attic/n/hv05",
  "/c/san-a/drbd/store",
  "/c/north/drbd/pg-main",
  "/verify",
  "/verify?part=calendar",
  "/verify?part=schedules",
  "/audit",
  "/c/san-a/audit",
  "/settings/nodes",
  "/settings/nodes/san-a/ruby",
  "/settings/clusters",
  "/settings/users",
  "/settings/sessions",
  "/settings/tokens",
] as const;
