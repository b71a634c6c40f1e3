// SPDX-License-Identifier: Apache-2.0
import { HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Pacemaker, PacemakerFailure } from "@/agent/protocol/model/pacemaker";
import { readXml, type XmlElement } from "@/agent/xml";
import { ParseError } from "../define";
import { readConstraints } from "./cib-constraints";
import { readFenceSetup } from "./cib-fencing";
import { failuresIn } from "./cib-history";
import { readInstances } from "./cib-instances";
import { type CibNode, readNodes } from "./cib-nodes";
import { readParameters } from "./cib-parameters";
import { readConfigured, valueIn } from "./cib-resources";
import { readTimeouts } from "./cib-timeouts";
import { child, childrenOf, flag, whole, word, writtenTruth } from "./fields";

/**
 * Which CIB it is: the living one; the last one written, whose words on DC, quorum and status are history; or a recorded one
 * (`CIB_file`), which speaks for the moment of its recording where it has a status section, as `cibadmin -Q` prints it.
 */
export type CibSource = "cibadmin -Q" | "CIB on disk" | "CIB_file";

/**
 * Parses a cluster information base, of any schema from 1.0 to 4.0.
 *
 * Shape: `<cib><configuration>…</configuration><status>…</status></cib>`; parts that an ACL hides are missing.
 * What the CIB does not say (whether a node is up without a status section, what is blocked) is listed in `unread`.
 * Source: cib-1.0.rng to pacemaker-4.0.rng; lib/pengine/unpack.c for what the recorded operations mean.
 * @throws ParseError when it is not a CIB; HostError when nothing of it may be read
 */
export function parseCib(text: string, source: CibSource): Pacemaker {
  const root = readXml(text);
  if (root.name !== "cib") throw new ParseError(`not a CIB: it is <${root.name.slice(0, 40)}>`);
  const configuration = child(root, "configuration");
  const status = child(root, "status");
  const isLive = source === "cibadmin -Q" || (source === "CIB_file" && childrenOf(status, "node_state").length > 0);
  const optionSets = childrenOf(section(configuration, "crm_config"), "cluster_property_set");
  const option = (name: string) => valueIn(optionSets, name);
  const hasOptions = section(configuration, "crm_config") !== null;
  const stonithEnabled = hasOptions ? (writtenTruth(option("stonith-enabled") ?? option("fencing-enabled")) ?? true) : null;
  const maintenance = writtenTruth(option("maintenance-mode")) ?? false;
  const dcUuid = isLive ? word(root, "dc-uuid") : null;

  const members = readNodes(configuration, status, dcUuid, stonithEnabled === true && status !== null);
  if (members.length === 0)
    throw new HostError(
      "HOST_FORBIDDEN",
      "the CIB shows no nodes: the agent's user has no role in the cluster's ACLs that may read them, or the cluster has none yet",
    );
  const defaults = childrenOf(section(configuration, "rsc_defaults"), "meta_attributes");
  const configured = readConfigured(section(configuration, "resources") ?? EMPTY, {
    managed: !maintenance && (writtenTruth(valueIn(defaults, "is-managed") ?? option("is-managed-default")) ?? true),
    targetRole: valueIn(defaults, "target-role"),
  });
  if (maintenance) for (const collection of configured.collections) collection.managed = false;
  const resources = readInstances(configured, members, { maintenance, readsOffline: stonithEnabled !== false });
  const constraints = section(configuration, "constraints");
  return {
    version: option("dc-version"),
    source,
    dc: dcUuid === null ? null : (members.find(({ node }) => node.id === dcUuid)?.node.name ?? null),
    // Without a DC nobody keeps this up to date.
    quorate: dcUuid === null ? null : flag(root, "have-quorum"),
    featureSet: word(root, "crm_feature_set"),
    maintenance,
    stonithEnabled,
    nodes: members.map(({ node }) => node),
    resources,
    collections: configured.collections,
    constraints: constraints === null ? [] : readConstraints(constraints),
    failures: members.flatMap(failuresOn),
    fencing: [],
    configEpoch: epochOf(root),
    ...(configuration === null || section(configuration, "resources") === null
      ? {}
      : {
          timeouts: timeoutsOf(configuration),
          parameters: readParameters(section(configuration, "resources") ?? EMPTY),
          ...(hasOptions ? { fenceSetup: readFenceSetup(configuration, option) } : {}),
        }),
    unread: gapsOf(configuration, status),
  };
}

const EMPTY: XmlElement = { name: "resources", attributes: {}, children: [], text: "" };

function section(configuration: XmlElement | null, name: string): XmlElement | null {
  return configuration === null ? null : child(configuration, name);
}

function timeoutsOf(configuration: XmlElement | null) {
  const defaults = childrenOf(section(configuration, "op_defaults"), "meta_attributes");
  return readTimeouts(section(configuration, "resources") ?? EMPTY, defaults);
}

/** What decides whether a prepared change still fits: all three, or nothing. */
function epochOf(root: XmlElement): Pacemaker["configEpoch"] {
  const [adminEpoch, epoch, numUpdates] = [whole(root, "admin_epoch"), whole(root, "epoch"), whole(root, "num_updates")];
  return adminEpoch === null || epoch === null || numUpdates === null ? null : { adminEpoch, epoch, numUpdates };
}

function failuresOn({ node, state, counters }: CibNode): PacemakerFailure[] {
  const histories = childrenOf(child(child(state ?? EMPTY, "lrm") ?? EMPTY, "lrm_resources"), "lrm_resource");
  // "fail-count-<resource>#<operation>_<interval>" since 1.1.17, "fail-count-<resource>" before.
  const countOf = (resource: string) =>
    [...counters].find(([name]) => name === `fail-count-${resource}` || name.startsWith(`fail-count-${resource}#`))?.[1] ?? null;
  return histories.flatMap((history) => failuresIn(history, node.name, countOf));
}

function gapsOf(configuration: XmlElement | null, status: XmlElement | null): Unread[] {
  const unread: Unread[] = [
    {
      what: "blocked",
      code: "COLLECT_READ",
      message: "the CIB does not say which resources are blocked, or which node a failed stop made unclean; crm_mon would",
    },
    { what: "fencing", code: "COLLECT_READ", message: "the CIB does not keep the fencing history; crm_mon would show it" },
  ];
  if (status === null)
    unread.unshift({
      what: "status",
      code: "COLLECT_READ",
      message: "this CIB has no status section (the one on disk never has): which nodes are up and what runs where is not known",
    });
  for (const name of ["crm_config", "resources", "constraints"])
    if (section(configuration, name) === null)
      unread.push({
        what: name,
        code: "COLLECT_FORBIDDEN",
        message: `the CIB shows no ${name} section: the cluster's ACLs hide it from the agent's user`,
      });
  return unread;
}
