// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { ctime, isoStamp } from "./crm-mon";
import { element, renderXml, type XmlElement } from "./xml";

export interface Cib {
  featureSet: string;
  validateWith: string;
  epoch: number;
  numUpdates: number;
  lastWritten: { atMs: number; origin: string; client: string; user: string };
  isQuorate: boolean;
  dcId: number;
  properties: Readonly<Record<string, string>>;
  nodes: readonly { id: number; name: string; attributes: Readonly<Record<string, string>> }[];
  /** `is-managed` where it is set, by resource. */
  managed: Managed;
  resources: readonly CibItem[];
  constraints: readonly CibConstraint[];
  fenceLevels: readonly { target: string; index: number; devices: readonly string[] }[];
  states: readonly CibNodeState[];
}

type Managed = Readonly<Record<string, boolean>>;

export type CibItem =
  | CibPrimitive
  | { kind: "group"; id: string; members: readonly CibPrimitive[] }
  | { kind: "clone"; id: string; meta: Readonly<Record<string, string>>; primitive: CibPrimitive };

export interface CibPrimitive {
  kind: "primitive";
  id: string;
  /** class:provider:type, or class:type. */
  agent: string;
  parameters: Readonly<Record<string, string>>;
  operations: readonly { name: string; seconds: number; role: string | null; timeoutSeconds: number }[];
}

type CibLocation = {
  kind: "location";
  id: string;
  resource: string;
  role: string | null;
  node: string;
  score: string;
  untilMs: number | null;
};

export type CibConstraint =
  | CibLocation
  | { kind: "colocation"; id: string; resource: string; with: string; withRole: string; score: string }
  | { kind: "order"; id: string; first: string; firstAction: string; dependent: string; dependentAction: string };

export interface CibNodeState {
  id: number;
  name: string;
  isMember: boolean;
  isOnline: boolean;
  isJoined: boolean;
  isExpected: boolean;
  attributes: readonly (readonly [string, string])[];
  resources: readonly { id: string; agent: string; operations: readonly CibOperation[] }[];
}

export interface CibOperation {
  task: string;
  intervalMs: number;
  code: number;
  atMs: number;
  call: number;
  execMs: number;
  queueMs: number;
  /** Of the parameters it ran with; see `operationDigest`. */
  digest: string;
}

/**
 * What Pacemaker compares to tell whether an operation ran with today's parameters.
 * Source: `calculate_operation_digest`, lib/common/digest.c of 2.1.5: MD5 of the parameters, sorted; a recurring one's timeout is among them.
 */
export function operationDigest(parameters: Readonly<Record<string, string>>, recurringTimeoutSeconds: number | null): string {
  const all = { ...parameters, ...(recurringTimeoutSeconds === null ? {} : { CRM_meta_timeout: String(recurringTimeoutSeconds * 1000) }) };
  const said = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = ` <parameters${said.map(([name, value]) => ` ${name}="${value}"`).join("")}/>\n`;
  return createHash("md5").update(text).digest("hex");
}

/** `cibadmin -Q`. Source: libcib of Pacemaker 1.1.23 to 2.1.6. */
export function renderCib(cib: Cib): string {
  const { lastWritten } = cib;
  return renderXml(
    element(
      "cib",
      {
        crm_feature_set: cib.featureSet,
        "validate-with": cib.validateWith,
        epoch: cib.epoch,
        num_updates: cib.numUpdates,
        admin_epoch: 0,
        "cib-last-written": ctime(lastWritten.atMs),
        "update-origin": lastWritten.origin,
        "update-client": lastWritten.client,
        "update-user": lastWritten.user,
        "have-quorum": cib.isQuorate ? 1 : 0,
        "dc-uuid": cib.dcId,
      },
      [
        configuration(cib),
        element(
          "status",
          {},
          cib.states.map((state) => nodeState(state, cib.featureSet)),
        ),
      ],
    ),
  );
}

function configuration(cib: Cib): XmlElement {
  return element("configuration", {}, [
    element("crm_config", {}, [
      element("cluster_property_set", { id: "cib-bootstrap-options" }, pairs(cib.properties, "cib-bootstrap-options")),
    ]),
    element(
      "nodes",
      {},
      cib.nodes.map(({ id, name, attributes }) => {
        const own = Object.entries(attributes);
        const set = element(
          "instance_attributes",
          { id: `nodes-${id}` },
          own.map(([key, value]) => setting(`nodes-${id}`, key, value)),
        );
        return element("node", { id, uname: name }, own.length === 0 ? [] : [set]);
      }),
    ),
    element(
      "resources",
      {},
      cib.resources.map((item) => itemElement(item, cib.managed)),
    ),
    element("constraints", {}, cib.constraints.map(constraintElement)),
    ...(cib.fenceLevels.length === 0 ? [] : [element("fencing-topology", {}, cib.fenceLevels.map(levelElement))]),
    element("rsc_defaults", {}, [
      element("meta_attributes", { id: "rsc-options" }, pairs({ "resource-stickiness": "100" }, "rsc-options")),
    ]),
  ]);
}

/** As pcs writes one. */
function levelElement({ target, index, devices }: Cib["fenceLevels"][number]): XmlElement {
  return element("fencing-level", { devices: devices.join(","), index, target, id: `fl-${target}-${index}` });
}

/** As crm_attribute and crm_resource write one. */
function setting(owner: string, name: string, value: string): XmlElement {
  return element("nvpair", { id: `${owner}-${name}`, name, value });
}

/** `is-managed` of a resource that has no other meta attributes. */
function managedSet(id: string, managed: Managed): XmlElement[] {
  const own = `${id}-meta_attributes`;
  return managed[id] === undefined ? [] : [element("meta_attributes", { id: own }, [setting(own, "is-managed", String(managed[id]))])];
}

function pairs(values: Readonly<Record<string, string>>, owner: string): XmlElement[] {
  return Object.entries(values).map(([name, value]) => element("nvpair", { name, value, id: `${owner}-${name}` }));
}

function itemElement(item: CibItem, managed: Managed): XmlElement {
  const own = `${item.id}-meta_attributes`;
  const isManaged = managed[item.id];
  switch (item.kind) {
    case "primitive":
      return primitiveElement(item, managed);
    case "group":
      return element("group", { id: item.id }, [
        ...item.members.map((member) => primitiveElement(member, managed)),
        ...managedSet(item.id, managed),
      ]);
    case "clone":
      return element("clone", { id: item.id }, [
        element("meta_attributes", { id: own }, [
          ...pairs(item.meta, own),
          ...(isManaged === undefined ? [] : [setting(own, "is-managed", String(isManaged))]),
        ]),
        primitiveElement(item.primitive, managed),
      ]);
  }
}

function agentOf(agent: string): Record<string, string> {
  const [standard = "", provider = "", type] = agent.split(":");
  return type === undefined ? { class: standard, type: provider } : { class: standard, provider, type };
}

/** The executor writes the type before the class. */
function executorOrder({ type = "", ...others }: Record<string, string>): Record<string, string> {
  return { type, ...others };
}

function primitiveElement({ id, agent, parameters, operations }: CibPrimitive, managed: Managed): XmlElement {
  const instance = `${id}-instance_attributes`;
  return element("primitive", { id, ...agentOf(agent) }, [
    ...(Object.keys(parameters).length === 0 ? [] : [element("instance_attributes", { id: instance }, pairs(parameters, instance))]),
    element(
      "operations",
      {},
      operations.map(({ name, seconds, role, timeoutSeconds }) => {
        const interval = seconds === 0 ? "0" : `${seconds}s`;
        return element("op", {
          name,
          interval,
          ...(role === null ? {} : { role }),
          timeout: timeoutSeconds,
          id: `${id}-${name}-${interval}`,
        });
      }),
    ),
    ...managedSet(id, managed),
  ]);
}

function constraintElement(constraint: CibConstraint): XmlElement {
  switch (constraint.kind) {
    case "location": {
      const { id, resource, role, node, score, untilMs } = constraint;
      const head = { id, rsc: resource, ...(role === null ? {} : { role }) };
      return untilMs === null
        ? element("rsc_location", { ...head, node, score })
        : element("rsc_location", head, [lifetimeRule(constraint, untilMs)]);
    }
    case "colocation": {
      const { id, resource, score } = constraint;
      return element("rsc_colocation", { id, score, rsc: resource, "with-rsc": constraint.with, "with-rsc-role": constraint.withRole });
    }
    case "order": {
      const { id, first, firstAction, dependent, dependentAction } = constraint;
      // Written as a computed name: an object with a plain "then" looks like a promise.
      const word = "then";
      return element("rsc_order", {
        id,
        kind: "Mandatory",
        first,
        "first-action": firstAction,
        [word]: dependent,
        [`${word}-action`]: dependentAction,
      });
    }
  }
}

/** What crm_resource writes into a constraint with a lifetime. Source: tools/crm_resource_ban.c of 2.1.5. */
export function lifetimeRule({ id, node, score }: Pick<CibLocation, "id" | "node" | "score">, untilMs: number): XmlElement {
  const [, kind = "", rest = ""] = /^cli-(prefer|ban)-(.*)$/.exec(id) ?? [];
  const [rule, expression, end] =
    kind === "prefer"
      ? [`cli-prefer-rule-${rest}`, `cli-prefer-expr-${rest}`, `cli-prefer-lifetime-end-${rest}`]
      : [`${id}-rule`, `${id}-expr`, `${id}-lifetime`];
  return element("rule", { id: rule, score, "boolean-op": "and" }, [
    element("expression", { id: expression, attribute: "#uname", operation: "eq", value: node, type: "string" }),
    element("date_expression", { id: end, operation: "lt", end: isoStamp(untilMs) }),
  ]);
}

function nodeState(state: CibNodeState, featureSet: string): XmlElement {
  const { id, name } = state;
  const attributes = element("transient_attributes", { id }, [
    element(
      "instance_attributes",
      { id: `status-${id}` },
      state.attributes.map(([key, value]) => element("nvpair", { id: `status-${id}-${key.replace("#", ".")}`, name: key, value })),
    ),
  ]);
  const resources = element(
    "lrm_resources",
    {},
    state.resources.map((resource) =>
      element(
        "lrm_resource",
        { id: resource.id, ...executorOrder(agentOf(resource.agent)) },
        resource.operations.map((operation) => operationElement(resource.id, operation, name, featureSet)),
      ),
    ),
  );
  return element(
    "node_state",
    {
      id,
      uname: name,
      in_ccm: state.isMember,
      crmd: state.isOnline ? "online" : "offline",
      "crm-debug-origin": "do_update_resource",
      join: state.isJoined ? "member" : "down",
      expected: state.isExpected ? "member" : "down",
    },
    state.isJoined ? [attributes, element("lrm", { id }, [resources])] : [],
  );
}

function operationElement(resource: string, operation: CibOperation, node: string, featureSet: string): XmlElement {
  const { task, intervalMs, code, atMs, call, execMs, queueMs, digest } = operation;
  const key = `${call}:${call}:${code}:a248d7a7-258b-42c9-a52c-02b3da73ba55`;
  return element("lrm_rsc_op", {
    id: intervalMs === 0 ? `${resource}_last_0` : `${resource}_${task}_${intervalMs}`,
    operation_key: `${resource}_${task}_${intervalMs}`,
    operation: task,
    "crm-debug-origin": "do_update_resource",
    crm_feature_set: featureSet,
    "transition-key": key,
    "transition-magic": `0:${code};${key}`,
    "exit-reason": "",
    on_node: node,
    "call-id": call,
    "rc-code": code,
    "op-status": 0,
    interval: intervalMs,
    "last-rc-change": Math.trunc(atMs / 1000),
    "exec-time": execMs,
    "queue-time": queueMs,
    "op-digest": digest,
  });
}
