// SPDX-License-Identifier: Apache-2.0
import type { IscsiPortal } from "@/agent/protocol/model/iscsi";

/** "10.20.5.10:3260", "[fd00::1]:3260"; "every address" where it listens at all of them. */
export function sayPortal({ address, port }: IscsiPortal): string {
  if (address === "0.0.0.0" || address === "::") return `every address, port ${port}`;
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}

/** The mirror under a LUN or an export, by its key. */
export function mirrorOfKey(key: string | null): { resource: string; name: string } | null {
  const [, resource, volume] = /^mirror:(.+)\/(\d+)$/.exec(key ?? "") ?? [];
  return resource === undefined ? null : { resource, name: volume === "0" ? resource : `${resource}/${volume}` };
}

/** The part of an iSCSI name that tells one from another: "o1" of "iqn.2014-03.com.example.san-a:o1". */
export function shortIqn(iqn: string): string {
  return /:([^:]+)$/.exec(iqn)?.[1] ?? iqn;
}
