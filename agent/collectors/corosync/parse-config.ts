// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, intOrNull, MAX_LINE_CHARS } from "@/agent/collectors/text";
import type { Corosync, CorosyncConfigured } from "@/agent/protocol/model/corosync";

const WHAT = "/etc/corosync/corosync.conf";
const MAX_NODES = 1_024;
const MAX_RINGS = 8;
/** Of a setting; the longest real one is a multicast address of IPv6. */
const MAX_VALUE = 80;
/** The deepest section that Corosync knows is three down. */
const MAX_DEPTH = 16;

/** What corosync.conf says, whether or not Corosync runs with it. */
export type CorosyncConfig = Pick<Corosync, "clusterName" | "transport" | "configured" | "settings">;

/** What the nodes of one cluster must agree on. Left out: what is told apart (`clusterName`, the nodes), and what is a node's own (bindnetaddr, logging). */
const SHARED: ReadonlySet<string> = new Set(
  [
    ...["version", "transport", "config_version", "ip_version", "netmtu", "rrp_mode", "link_mode", "threads"],
    ...["token", "token_coefficient", "token_retransmits_before_loss_const", "consensus", "join", "max_messages"],
    ...["secauth", "crypto_cipher", "crypto_hash", "crypto_model"],
  ].map((key) => `totem.${key}`),
);
const SHARED_IN_SECTIONS =
  /^(?:totem\.interface\.(?:ringnumber|linknumber|mcastaddr|broadcast|mcastport|ttl|knet_transport)|quorum\.(?:provider|expected_votes|two_node|wait_for_all|last_man_standing|auto_tie_breaker|allow_downscale))$/;

/**
 * Parses corosync.conf.
 *
 * Shape: sections `name {` … `}` inside each other, `key: value` in them, comments from `#`. Keys nobody asks for are passed over.
 * Source: exec/coroparse.c, Corosync 1.4 to 3.1; corosync.conf(5).
 * @throws ParseError when the sections do not close, or a line is none of these
 */
export function parseConfig(text: string): CorosyncConfig {
  const path: string[] = [];
  let clusterName: string | null = null;
  let transport: string | null = null;
  let configured: CorosyncConfigured[] | null = null;
  let node: CorosyncConfigured | null = null;
  const settings: Record<string, string> = {};
  let rings = -1;
  for (const raw of text.split("\n")) {
    if (raw.length > MAX_LINE_CHARS) throw new ParseError(`${WHAT}: a line is longer than ${MAX_LINE_CHARS} characters`);
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const section = /^([\w.-]+)\s*\{$/.exec(line)?.[1];
    if (section !== undefined) {
      path.push(section);
      if (path.length > MAX_DEPTH) throw new ParseError(`${WHAT}: more than ${MAX_DEPTH} sections inside each other`);
      const where = path.join("/");
      if (where === "nodelist") configured ??= [];
      if (where === "totem/interface") rings += 1;
      if (where === "nodelist/node") node = { nodeId: null, name: null, addresses: [] };
      continue;
    }
    if (line === "}") {
      if (path.length === 0) throw new ParseError(`${WHAT}: a section closes that was not opened`);
      if (path.join("/") === "nodelist/node" && node) configured?.push(node);
      path.pop();
      continue;
    }
    const [, key, value = ""] = /^([\w.-]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) throw new ParseError(`${WHAT}: not a setting: ${excerpt(line)}`);
    const where = path.join("/");
    if (where === "totem" && key === "cluster_name") clusterName = value || null;
    else if (where === "totem" && key === "transport") transport = value || null;
    else if (where === "nodelist/node" && node) takeNode(node, key, value);
    const place = `${path.join(".")}.${key}`;
    if (SHARED.has(place)) settings[place] = value.slice(0, MAX_VALUE);
    else if (SHARED_IN_SECTIONS.test(place) && rings < MAX_RINGS)
      settings[where === "totem/interface" ? `totem.interface ${rings}.${key}` : place] = value.slice(0, MAX_VALUE);
  }
  if (path.length > 0) throw new ParseError(`${WHAT}: section ${path.join(", ")} is not closed`);
  if (configured && configured.length > MAX_NODES) throw new ParseError(`${WHAT}: more than ${MAX_NODES} nodes`);
  return { clusterName, transport, configured, settings };
}

function takeNode(node: CorosyncConfigured, key: string, value: string): void {
  const ring = intOrNull(/^ring(\d)_addr$/.exec(key)?.[1]);
  if (ring !== null && ring < MAX_RINGS) {
    while (node.addresses.length < ring) node.addresses.push(null);
    node.addresses[ring] = value || null;
  } else if (key === "name") node.name = value || null;
  else if (key === "nodeid") node.nodeId = nodeIdOf(value);
}

function nodeIdOf(value: string): number {
  const id = intOrNull(value);
  if (id === null || id < 0) throw new ParseError(`${WHAT}: not the number of a node: ${excerpt(value)}`);
  return id;
}
