// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ctime, isoStamp, type Monitor, type MonitorResource, monitorStyleOf, renderMonitor, renderNotConnected } from "./crm-mon";

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/pacemaker", name), "utf8");

interface Read {
  name: string;
  at: Record<string, string>;
  inside: Read[];
}

/** Reads crm_mon's XML back, one element to a line, so that the same state can be printed again. */
function read(text: string): Read {
  const root: Read = { name: "", at: {}, inside: [] };
  const open = [root];
  for (const line of text.split("\n")) {
    const [, close, name = "", attributes = "", self] = /^\s*<(\/?)([\w-]+)((?: [\w-]+="[^"]*")*)\s*(\/?)>$/.exec(line) ?? [];
    if (name === "") continue;
    if (close) {
      open.pop();
      continue;
    }
    const made: Read = {
      name,
      at: Object.fromEntries([...attributes.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value])),
      inside: [],
    };
    open.at(-1)?.inside.push(made);
    if (!self) open.push(made);
  }
  return root;
}

const all = (from: Read, name: string): Read[] => from.inside.flatMap((child) => (child.name === name ? [child] : all(child, name)));
const first = (from: Read, name: string): Read => all(from, name)[0] ?? { name, at: {}, inside: [] };
const timeOf = (text: string | undefined) => Date.parse(`${text} UTC`);
const isTrue = (text: string | undefined) => text === "true";
const ms = (text: string | undefined) => Number.parseInt(text ?? "0", 10);

function resourceOf({ at, inside }: Read): MonitorResource {
  return {
    kind: "resource",
    id: at.id ?? "",
    agent: at.resource_agent ?? "",
    role: at.role ?? "",
    isManaged: isTrue(at.managed),
    isFailed: isTrue(at.failed),
    pending: at.pending ?? null,
    nodes: inside.map((node) => ({ name: node.at.name ?? "", id: Number(node.at.id), isOnline: isTrue(node.at.cached) })),
  };
}

/** The state a capture tells of. */
function stateOf(text: string): Monitor {
  const root = first(read(text), "pacemaker-result");
  const dc = first(root, "current_dc").at;
  const change = first(root, "last_change").at;
  const options = first(root, "cluster_options").at;
  return {
    atMs: timeOf(first(root, "last_update").at.time),
    request: root.at.request ?? "",
    stack: first(root, "stack").at.type ?? "",
    dc: { name: dc.name ?? "", id: Number(dc.id), version: dc.version ?? "", isQuorate: isTrue(dc.with_quorum) },
    lastChange: { atMs: timeOf(change.time), user: change.user ?? "", client: change.client ?? "", origin: change.origin ?? "" },
    resourcesConfigured: Number(first(root, "resources_configured").at.number),
    options: {
      isStonithEnabled: isTrue(options["stonith-enabled"]),
      noQuorumPolicy: options["no-quorum-policy"] ?? "",
      isMaintenance: isTrue(options["maintenance-mode"]),
      stonithTimeoutMs: Number(options["stonith-timeout-ms"]),
    },
    nodes: first(root, "nodes").inside.map(({ at }) => ({
      name: at.name ?? "",
      id: Number(at.id),
      isOnline: isTrue(at.online),
      isStandby: isTrue(at.standby),
      isMaintenance: isTrue(at.maintenance),
      isPending: isTrue(at.pending),
      isUnclean: isTrue(at.unclean),
      isDc: isTrue(at.is_dc),
      isExpectedUp: isTrue(at.expected_up),
      featureSet: at.feature_set ?? null,
      resourcesRunning: Number(at.resources_running),
    })),
    items: first(root, "resources").inside.map((item) => {
      const isManaged = isTrue(item.at.managed);
      const id = item.at.id ?? "";
      if (item.name === "group") return { kind: "group", id, isManaged, members: item.inside.map(resourceOf) };
      if (item.name === "clone")
        return { kind: "clone", id, isManaged, isPromotable: isTrue(item.at.multi_state), instances: item.inside.map(resourceOf) };
      return resourceOf(item);
    }),
    attributes: first(root, "node_attributes").inside.map((node) => ({
      node: node.at.name ?? "",
      values: node.inside.map(({ at }) => [at.name ?? "", at.value ?? ""]),
    })),
    history: first(root, "node_history").inside.map((node) => ({
      node: node.at.name ?? "",
      resources: node.inside.map((resource) => ({
        id: resource.at.id ?? "",
        failed:
          resource.at["fail-count"] === undefined
            ? null
            : { count: Number(resource.at["fail-count"]), lastMs: timeOf(resource.at["last-failure"]) },
        operations: resource.inside.map(({ at }) => ({
          call: Number(at.call),
          task: at.task ?? "",
          code: Number(at.rc),
          codeText: at.rc_text ?? "",
          intervalMs: ms(at.interval),
          atMs: timeOf(at["last-rc-change"]),
          execMs: ms(at["exec-time"]),
          queueMs: ms(at["queue-time"]),
        })),
      })),
    })),
    failures: all(root, "failure").map(({ at }) => ({
      resource: (at.op_key ?? "").replace(/_[a-z]+_\d+$/, ""),
      task: at.task ?? "",
      intervalMs: Number(at.interval),
      node: at.node ?? "",
      code: Number(at.exitcode),
      codeText: at.exitstatus ?? "",
      reason: at.exitreason ?? "",
      call: Number(at.call),
      atMs: Date.parse((at["last-rc-change"] ?? "").replace(" ", "T")),
      execMs: Number(at.exec),
    })),
    fencing: all(root, "fence_event").map(({ at }) => ({
      action: at.action ?? "",
      target: at.target ?? "",
      client: at.client ?? "",
      origin: at.origin ?? "",
      status: at.status === "pending" ? "pending" : "success",
      delegate: at.delegate ?? null,
      completedAtMs: at.completed === undefined ? null : Date.parse(at.completed.replace(" ", "T")),
    })),
    bans: all(root, "ban").map(({ at }) => ({
      id: at.id ?? "",
      resource: at.resource ?? "",
      node: at.node ?? "",
      weight: Number(at.weight),
      isPromotedOnly: isTrue(at["promoted-only"]),
    })),
  };
}

/** The daemon's own stamp may be a second before crm_mon's. */
const withoutDaemonStamp = (text: string) => text.replace(/last_updated="[^"]*"/, "");

describe("crm_mon", () => {
  for (const name of ["healthy", "fencing", "fenced", "failed"]) {
    it(`says the state of ${name} as Pacemaker 2.1.5 said it`, () => {
      const text = captured(`${name}.crm_mon.xml`);
      expect(withoutDaemonStamp(renderMonitor(stateOf(text), monitorStyleOf("2.1.5")))).toBe(withoutDaemonStamp(text));
    });
  }

  it("spells roles, agents and nodes as the version does", () => {
    const state = stateOf(captured("healthy.crm_mon.xml"));
    const old = renderMonitor(state, monitorStyleOf("2.0.5"));
    expect(old).toMatch(/^<pacemaker-result api-version="2\.3"/);
    expect(old).toContain('resource_agent="ocf::pacemaker:Stateful" role="Master"');
    expect(old).not.toMatch(/feature_set|health=|<pacemakerd/);
    const oldest = renderMonitor(state, monitorStyleOf("1.1.23"));
    expect(oldest).toMatch(/^<\?xml version="1\.0"\?>\n<crm_mon version="1\.1\.23" >\n/);
    // Before 2.0.3 `cached` said the opposite of what it says now.
    expect(oldest).toContain('<node name="node1" id="1" cached="false" />');
    expect(oldest).not.toContain("<status code");
  });

  it("says with code 102 that no cluster answers", () => {
    expect(renderNotConnected("crm_mon -1", monitorStyleOf("2.1.5"))).toContain('<status code="102" message="Not connected">');
  });

  it("prints times as the C library and ISO do", () => {
    expect(ctime(Date.UTC(2026, 10, 9, 3, 4, 5))).toBe("Mon Nov  9 03:04:05 2026");
    expect(isoStamp(Date.UTC(2026, 10, 20, 11, 28, 45))).toBe("2026-11-20 11:28:45Z");
  });
});
