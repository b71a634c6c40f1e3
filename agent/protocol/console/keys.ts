// SPDX-License-Identifier: Apache-2.0
import type { SourceName } from "../sources";

/** The keys of a view's entities. Apart from their schemas, so that a page that only names them does not load what checks them. */
export const keyOf = {
  cluster: "cluster",
  node: (node: string) => `node:${node}`,
  source: (node: string, source: SourceName) => `source:${node}/${source}`,
  drbd: (resource: string, volume: number, node: string) => `drbd:${resource}/${volume}@${node}`,
  mirror: (resource: string, volume: number) => `mirror:${resource}/${volume}`,
  bond: (node: string, bond: string) => `bond:${node}/${bond}`,
  aoe: (node: string, device: string) => `aoe:${node}/${device}`,
  export: (node: string, name: string, iface: string) => `export:${node}/${name}/${iface}`,
  array: (node: string, name: string) => `array:${node}/${name}`,
  target: (node: string, iqn: string) => `target:${node}/${iqn}`,
  session: (node: string, name: string) => `session:${node}/${name}`,
  corosync: (node: string) => `corosync:${node}`,
  ring: (link: number) => `ring:${link}`,
  mount: (node: string, mountPoint: string) => `mount:${node}/${mountPoint}`,
  pool: (node: string, name: string) => `pool:${node}/${name}`,
  swap: (node: string, device: string) => `swap:${node}/${device}`,
  ocfs2: (node: string) => `ocfs2:${node}`,
  dlm: (node: string) => `dlm:${node}`,
  resource: (id: string) => `rsc:${id}`,
  constraint: (id: string) => `constraint:${id}`,
  fencing: (index: number) => `fencing:${index}`,
  finding: (id: string) => `finding:${id}`,
  event: (id: string | number) => `event:${id}`,
  kernel: (node: string) => `kernel:${node}`,
  verify: (resource: string, volume: number) => `verify:${resource}/${volume}`,
  run: (id: string) => `run:${id}`,
  safety: (node: string) => `safety:${node}`,
  /** Null: the whole cluster. */
  maintenance: (node: string | null) => `maintenance:${node ?? "*"}`,
} as const;
