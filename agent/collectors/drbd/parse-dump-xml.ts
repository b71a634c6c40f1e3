// SPDX-License-Identifier: Apache-2.0
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import { ParseError } from "@/agent/collectors/define";
import { decode } from "@/agent/protocol/decode";
import type { DrbdAddress, DrbdSettings } from "@/agent/protocol/model/drbd";
import { countOrNull } from "./numbers";
import { algorithmsOf, makeAddress, protocolOf } from "./parse-show";

const Words = z.object({ "#text": z.string().optional() }).or(z.string());
const Section = z.object({
  "@name": z.string(),
  option: z.array(z.object({ "@name": z.string(), "@value": z.string().optional() })).default([]),
});
const Address = z.object({ "#text": z.string().default(""), "@port": z.string().default("") });
const Volume = z.object({
  "@vnr": z.string(),
  device: z.object({ "@minor": z.string().optional() }).optional(),
  disk: Words.optional(),
});
const ConfigHost = z.object({
  "@name": z.string().default(""),
  volume: z.array(Volume).default([]),
  // 8.3 has no volumes: the host is the one volume.
  device: z.object({ "@minor": z.string().optional() }).optional(),
  disk: Words.optional(),
  address: Address.optional(),
});
const Link = z.object({ host: z.array(ConfigHost).default([]) });
const Connection = Link.extend({ section: z.array(Section).default([]), path: z.array(Link).default([]) });
const Resource = z.object({
  "@name": z.string(),
  "@protocol": z.string().optional(),
  host: z.array(ConfigHost).default([]),
  connection: z.array(Connection).default([]),
  section: z.array(Section).default([]),
});
const Config = z.object({
  config: z
    .object({ common: z.object({ section: z.array(Section).default([]) }).optional(), resource: z.array(Resource).default([]) })
    .or(z.literal("")),
});
type Section = z.infer<typeof Section>;
type ConfigHost = z.infer<typeof ConfigHost>;
type Resource = z.infer<typeof Resource>;

const LISTS: ReadonlySet<string> = new Set(["resource", "host", "volume", "section", "option", "connection", "path"]);

const reader = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && LISTS.has(name),
});

/**
 * Parses `drbdadm dump-xml`: the settings as configured, which may differ from those in force.
 * `node` is this node's name: of the hosts it says which one is local. Not among them: both addresses stay unknown.
 * Source: drbdadm_dump.c of drbd-utils, v83 to v9.
 * @throws ParseError when it is not well-formed XML, or not of this shape
 */
export function parseDumpXml(text: string, node: string | null): DrbdSettings[] {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new ParseError("drbdadm dump-xml: a document type is not expected here");
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw new ParseError(`drbdadm dump-xml: line ${verdict.err.line}: ${verdict.err.msg}`);
  const decoded = decode(Config, treeOf(text));
  if (!decoded.ok) throw new ParseError(`drbdadm dump-xml: ${decoded.error}`);
  const { config } = decoded.value;
  if (config === "") return [];
  return config.resource.map((resource) => settingsOf(resource, config.common?.section ?? [], node));
}

/** The reader has limits of its own (depth, names that JavaScript reserves): past them the text is refused as well. */
function treeOf(text: string): unknown {
  try {
    return reader.parse(text);
  } catch (error) {
    throw new ParseError(`drbdadm dump-xml: ${error instanceof Error ? error.message.slice(0, 200) : "not readable"}`);
  }
}

/** The five entities of XML; `&amp;` last, so that nothing is decoded twice. */
function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}

function settingsOf(resource: Resource, common: readonly Section[], node: string | null): DrbdSettings {
  const local = resource.host.find((host) => isNamed(host, node));
  const links =
    resource.connection.length > 0
      ? resource.connection.map(({ host, path, section }) => ({ hosts: path[0]?.host ?? host, sections: section }))
      : [{ hosts: resource.host, sections: [] }];
  return {
    resource: plain(resource["@name"]),
    volumes: local ? volumesOf(local) : [],
    connections: links
      // A connection between two other nodes is none of this node's.
      .filter(({ hosts }) => !local || hosts.length === 0 || hosts.some((host) => isNamed(host, node)))
      .map(({ hosts, sections }) => {
        const option = (section: string, name: string) => optionOf([sections, resource.section, common], section, name);
        const peer = local ? hosts.find((host) => !isNamed(host, node)) : undefined;
        return {
          peer: peer?.["@name"] ? plain(peer["@name"]) : null,
          local: local ? addressOf(hosts.find((host) => isNamed(host, node)) ?? local) : null,
          remote: peer ? addressOf(peer) : null,
          protocol: protocolOf(option("net", "protocol") ?? resource["@protocol"]),
          // 8.3 keeps verify-alg in the syncer section.
          verifyAlg: option("net", "verify-alg") || option("syncer", "verify-alg") || null,
          fencing: option("net", "fencing") ?? option("disk", "fencing"),
          allowTwoPrimaries: yesNo(option("net", "allow-two-primaries")),
          ...algorithmsOf((name) => option("net", name)),
        };
      }),
  };
}

function isNamed(host: ConfigHost, node: string | null): boolean {
  // "on alice bob { … }" names several hosts.
  return node !== null && plain(host["@name"]).split(/\s+/).includes(node);
}

function volumesOf(host: ConfigHost): DrbdSettings["volumes"] {
  const volumes = host.volume.length > 0 || !host.device ? host.volume : [{ "@vnr": "0", device: host.device, disk: host.disk }];
  return volumes.map((volume) => {
    const number = countOrNull(volume["@vnr"]);
    if (number === null) throw new ParseError("drbdadm dump-xml: a volume without a number");
    const disk = typeof volume.disk === "string" ? volume.disk : volume.disk?.["#text"];
    const backing = disk === undefined || disk === "" ? null : plain(disk);
    return { volume: number, minor: countOrNull(volume.device?.["@minor"]), backingDevice: backing === "none" ? null : backing };
  });
}

function addressOf(host: ConfigHost): DrbdAddress | null {
  return host.address ? makeAddress(plain(host.address["#text"]), host.address["@port"]) : null;
}

/** The innermost section that sets the option; "" for one without a value, null when none sets it. */
function optionOf(scopes: readonly (readonly Section[])[], section: string, name: string): string | null {
  for (const scope of scopes) {
    const option = scope.flatMap((one) => (one["@name"] === section ? one.option : [])).find((one) => one["@name"] === name);
    if (option) return plain(option["@value"] ?? "");
  }
  return null;
}

/** Null: not said; "": the bare word, which means yes. */
function yesNo(value: string | null): boolean | null {
  if (value === null) return null;
  return value === "" || value === "yes" ? true : value === "no" ? false : null;
}
