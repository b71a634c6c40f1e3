// SPDX-License-Identifier: Apache-2.0
import { element, renderXml, type XmlElement } from "./xml";

/** One resource as one node has it configured. */
export interface ResourceSettings {
  name: string;
  minor: number;
  backingDevice: string;
  protocol: "A" | "B" | "C";
  verifyAlg: string | null;
  allowsTwo: boolean;
  fencing: string;
  local: SettingsEnd;
  /** Peers with a connection in the kernel; a StandAlone one of 8.4 has none. */
  peers: readonly SettingsEnd[];
  /** Every peer of the configuration, connected or not. */
  configured: readonly SettingsEnd[];
}

export interface SettingsEnd {
  node: string;
  nodeId: number;
  address: string;
  port: number;
  minor: number;
  backingDevice: string;
}

/** `drbdsetup show` of the v84 utilities; with `hasDefaults` as `--show-defaults` prints it. Source: drbd-utils 9.22, drbdsetup_84.c. */
export function renderShow84(resources: readonly ResourceSettings[], hasDefaults: boolean): string {
  return resources.map((resource) => show84(resource, hasDefaults)).join("\n");
}

function option(indent: number, name: string, value: string): string {
  return `${" ".repeat(indent)}${name.padEnd(16)}\t${value}`;
}

function show84(resource: ResourceSettings, hasDefaults: boolean): string {
  const peer = resource.peers[0];
  const protocol =
    resource.protocol === "C"
      ? hasDefaults
        ? [option(8, "protocol", "C; # default")]
        : []
      : [option(8, "protocol", `${resource.protocol};`)];
  const two = resource.allowsTwo
    ? [option(8, "allow-two-primaries", "yes;")]
    : hasDefaults
      ? [option(8, "allow-two-primaries", "no; # default")]
      : [];
  const verify =
    resource.verifyAlg === null
      ? hasDefaults
        ? [option(8, "verify-alg", '""; # default')]
        : []
      : [option(8, "verify-alg", `"${resource.verifyAlg}";`)];
  const fencing =
    resource.fencing === "dont-care"
      ? hasDefaults
        ? [option(16, "fencing", "dont-care; # default")]
        : []
      : [option(16, "fencing", `${resource.fencing};`)];
  const lines = [
    `resource ${resource.name} {`,
    "    options {",
    "    }",
    ...(peer === undefined
      ? []
      : [
          "    net {",
          ...protocol,
          ...two,
          ...verify,
          "    }",
          "    _remote_host {",
          `        address\t\t\tipv4 ${peer.address}:${peer.port};`,
          "    }",
        ]),
    "    _this_host {",
    ...(peer === undefined ? [] : [`        address\t\t\tipv4 ${resource.local.address}:${resource.local.port};`]),
    "        volume 0 {",
    `            device\t\t\tminor ${resource.minor};`,
    `            disk\t\t\t"${resource.backingDevice}";`,
    "            meta-disk\t\t\tinternal;",
    "            disk {",
    ...fencing,
    option(16, "resync-rate", "8192k; # bytes/second"),
    option(16, "c-plan-ahead", "0; # 1/10 seconds"),
    "            }",
    "        }",
    "    }",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** `drbdsetup show` of the v9 utilities. Source: drbd-utils 9.22, drbdsetup.c. */
export function renderShow9(resources: readonly ResourceSettings[], hasDefaults: boolean): string {
  return resources.map((resource) => show9(resource, hasDefaults)).join("\n");
}

function show9(resource: ResourceSettings, hasDefaults: boolean): string {
  const lines = [
    `resource "${resource.name}" {`,
    "    options {",
    option(8, "quorum", "majority;"),
    option(8, "on-no-quorum", "io-error;"),
    "    }",
    "    _this_host {",
    `        node-id\t\t\t${resource.local.nodeId};`,
    "        volume 0 {",
    `            device\t\t\tminor ${resource.minor};`,
    `            disk\t\t\t"${resource.backingDevice}";`,
    "            meta-disk\t\t\tinternal;",
    "            disk {",
    ...(hasDefaults ? [option(16, "size", "0s; # bytes, default")] : []),
    "            }",
    "        }",
    "    }",
    ...resource.configured.flatMap((peer) => [
      "    connection {",
      `        _peer_node_id ${peer.nodeId};`,
      "        path {",
      `            _this_host ipv4 ${resource.local.address}:${resource.local.port};`,
      `            _remote_host ipv4 ${peer.address}:${peer.port};`,
      "        }",
      "        net {",
      ...(hasDefaults ? [option(12, "protocol", `${resource.protocol}; # default`)] : []),
      ...(resource.allowsTwo
        ? [option(12, "allow-two-primaries", "yes;")]
        : hasDefaults
          ? [option(12, "allow-two-primaries", "no; # default")]
          : []),
      ...(resource.verifyAlg === null ? [] : [option(12, "verify-alg", `"${resource.verifyAlg}";`)]),
      ...(resource.fencing === "dont-care" ? [] : [option(12, "fencing", `${resource.fencing};`)]),
      option(12, "_name", `"${peer.node}";`),
      "        }",
      "    }",
    ]),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** `drbdadm dump-xml`. 8.3 has no volumes and writes protocol and device into resource and host. Source: drbd-utils 9.22 and 8.3 drbdadm. */
export function renderDumpXml(resources: readonly ResourceSettings[], generation: "8.3" | "8.4"): string {
  const isOld = generation === "8.3";
  const host = (end: SettingsEnd): XmlElement => {
    const device = element("device", { minor: end.minor }, `/dev/drbd${end.minor}`);
    const disk = element("disk", {}, end.backingDevice);
    const meta = element("meta-disk", {}, "internal");
    const address = element("address", { family: "ipv4", port: end.port }, end.address);
    return element(
      "host",
      { name: end.node },
      isOld ? [device, disk, address, meta] : [element("volume", { vnr: 0 }, [device, disk, meta]), address],
    );
  };
  const net = (resource: ResourceSettings) => {
    const verify = resource.verifyAlg === null ? [] : [element("option", { name: "verify-alg", value: resource.verifyAlg })];
    if (isOld) return element("section", { name: "syncer" }, verify);
    return element("section", { name: "net" }, [element("option", { name: "protocol", value: resource.protocol }), ...verify]);
  };
  const body = resources.map((resource) =>
    element(
      "resource",
      { name: resource.name, ...(isOld ? { protocol: resource.protocol } : {}), "conf-file-line": `/etc/drbd.d/${resource.name}.res:1` },
      [...[resource.local, ...resource.configured].sort((one, other) => (one.node < other.node ? -1 : 1)).map(host), net(resource)],
    ),
  );
  const common = isOld
    ? element("common", { protocol: "C" }, [])
    : element("common", {}, [element("section", { name: "net" }, [element("option", { name: "protocol", value: "C" })])]);
  return renderXml(element("config", { file: "/etc/drbd.conf" }, [common, ...body]), 4);
}
