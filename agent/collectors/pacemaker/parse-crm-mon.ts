// SPDX-License-Identifier: Apache-2.0
import { HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Pacemaker, PacemakerNode } from "@/agent/protocol/model/pacemaker";
import { readXml, type XmlElement } from "@/agent/xml";
import { ParseError } from "../define";
import { readBans, readFailures, readFencing } from "./crm-mon-events";
import { readHistories, readOperations } from "./crm-mon-operations";
import { readResources } from "./crm-mon-resources";
import { child, childrenOf, define, flag, flagOrGap, requiredFlag, requiredWord, said, whole, word } from "./fields";
import { refusalOf } from "./refusals";

/** One crm_mon document, and what only the collector needs of it. */
export interface CrmMon {
  pacemaker: Pacemaker;
  /** When, by whom and from where the configuration last changed, as one opaque word; null when it does not say. */
  lastChange: string | null;
  /** Version of the tool's own XML ("2.25"); null before 2.0.3. */
  apiVersion: string | null;
  /** False where the document does not print maintenance-mode, so that `maintenance` is only its default. */
  saysMaintenance: boolean;
}

/**
 * Parses `crm_mon` XML, of `--output-as=xml` as of `--as-xml`.
 *
 * Shape: `<pacemaker-result api-version>` (2.0.3 and later; ends with `<status code message>`) or `<crm_mon version>`.
 * Constraints are only the bans that crm_mon lists; all of them stand in the CIB.
 * Source: crm_mon-2.0.rng to crm_mon-2.25.rng, crm_mon.rng; tools/crm_mon_xml of Pacemaker 1.1.
 * @throws ParseError when it is not such a document
 * @throws HostError when crm_mon says in it that it could not read, or shows no node (an ACL without a role does that)
 */
export function parseCrmMon(text: string, source: string): CrmMon {
  const root = readXml(text);
  if (root.name !== "pacemaker-result" && root.name !== "crm_mon")
    throw new ParseError(`not crm_mon's XML: it is <${root.name.slice(0, 40)}>`);
  refuseFailure(root);
  const summary = child(root, "summary");
  const nodeElements = childrenOf(child(root, "nodes"), "node");
  if (nodeElements.length === 0) throw noNodes(root);

  const gaps = new Set<string>();
  const nodes = nodeElements.map((element) => readNode(element, root, gaps));
  const { resources, collections } = readResources(root, nodes, gaps);
  const dc = child(summary ?? root, "current_dc");
  const options = child(summary ?? root, "cluster_options");
  const maintenance = flag(options, "maintenance-mode");
  const unread: Unread[] = [...gaps].map((what) => ({
    what,
    code: "COLLECT_READ",
    message: `this version of crm_mon does not print "${what}"; it is taken as no`,
  }));
  const fencing = readFencing(root, unread);
  const operations = readOperations(root);
  const histories = readHistories(root);
  return {
    pacemaker: {
      version: word(dc, "version"),
      source,
      dc: flag(dc, "present") === false ? null : word(dc, "name"),
      quorate: flag(dc, "with_quorum"),
      featureSet: null,
      maintenance: maintenance ?? false,
      stonithEnabled: flag(options, "stonith-enabled") ?? flag(options, "fencing-enabled"),
      nodes,
      resources,
      collections,
      constraints: readBans(root),
      failures: readFailures(root),
      fencing,
      configEpoch: null,
      ...(operations === null ? {} : { operations }),
      ...(histories === null ? {} : { histories }),
      unread,
    },
    lastChange: lastChangeOf(summary),
    apiVersion: word(root, "api-version"),
    saysMaintenance: maintenance !== null,
  };
}

/** `<status code="102" message="Not connected"/>` in an otherwise valid document. */
function refuseFailure(root: XmlElement): void {
  const status = child(root, "status");
  if (status === null) {
    // Every <pacemaker-result> ends with its status; without it the answer is not whole.
    if (root.name === "pacemaker-result") throw new ParseError("crm_mon's XML has no <status>");
    return;
  }
  const code = whole(status, "code");
  if (code === 0) return;
  if (code === null) throw new ParseError("crm_mon's XML has a <status> without a code");
  throw refusalOf("crm_mon", code) ?? new HostError("HOST_READ", `crm_mon failed: ${word(status, "message") ?? "no message"} (${code})`);
}

/** An answer without nodes is never "no nodes": an ACL without a role gives it, or an error told only in passing. */
function noNodes(root: XmlElement): HostError {
  const errors = childrenOf(child(child(root, "status") ?? root, "errors"), "error").map((error) => error.text.trim());
  if (errors.length > 0) return new HostError("HOST_READ", `crm_mon shows no nodes: ${errors.join("; ").slice(0, 500)}`);
  return new HostError(
    "HOST_FORBIDDEN",
    "crm_mon shows no nodes: the agent's user has no role in the cluster's ACLs that may read them, or the cluster has none yet",
  );
}

function readNode(element: XmlElement, root: XmlElement, gaps: Set<string>): PacemakerNode {
  const name = requiredWord(element, "name");
  const attributes: Record<string, string> = {};
  for (const listed of childrenOf(child(root, "node_attributes"), "node"))
    if (word(listed, "name") === name)
      for (const attribute of childrenOf(listed, "attribute"))
        define(attributes, requiredWord(attribute, "name"), attribute.attributes.value ?? "");
  return {
    name,
    id: requiredWord(element, "id"),
    online: requiredFlag(element, "online"),
    standby: requiredFlag(element, "standby"),
    maintenance: flagOrGap(element, "maintenance", gaps),
    pending: requiredFlag(element, "pending"),
    unclean: requiredFlag(element, "unclean"),
    shutdown: flagOrGap(element, "shutdown", gaps),
    isDc: requiredFlag(element, "is_dc"),
    featureSet: word(element, "feature_set"),
    ...said("type", word(element, "type")),
    ...said("standbyOnFail", flag(element, "standby_onfail")),
    ...said("expectedUp", flag(element, "expected_up")),
    attributes,
  };
}

function lastChangeOf(summary: XmlElement | null): string | null {
  const change = summary === null ? null : child(summary, "last_change");
  const time = word(change, "time");
  return time === null ? null : [time, word(change, "user"), word(change, "client"), word(change, "origin")].join("|");
}
