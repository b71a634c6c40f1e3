// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import type { DrbdAddress, DrbdSettings } from "@/agent/protocol/model/drbd";
import { countOrNull } from "./numbers";
import { parseStatements, type Statement } from "./statements";

type Connection = DrbdSettings["connections"][number];

/**
 * Parses `drbdsetup show` (best with `--show-defaults`: an option left out is unknown to us): the settings in force.
 *
 * Shape: `resource NAME { … }` blocks of nested sections. 8.4 has one `_remote_host` beside `net`, and `fencing` in the disk
 * section of a volume; 9 has `connection` blocks with `path` and `net` in them.
 * Source: drbdsetup.c of drbd-utils, v84 and v9.
 * @throws ParseError when braces, quotes or semicolons do not fit, or a resource has no name
 */
export function parseShow(text: string): DrbdSettings[] {
  return parseStatements(text, "drbdsetup show")
    .filter((statement) => statement.words[0] === "resource")
    .map((statement) => {
      const name = statement.words[1];
      if (name === undefined || statement.block === null) throw new ParseError("drbdsetup show: a resource without name or block");
      return resourceOf(name, statement.block);
    });
}

function resourceOf(resource: string, body: readonly Statement[]): DrbdSettings {
  const self = blockOf(body, "_this_host") ?? [];
  const volumes = blocksOf(self, "volume");
  const connections = blocksOf(body, "connection");
  return {
    resource,
    volumes: volumes.map(({ words, block }) => volumeOf(words[1], block)),
    connections: connections.length > 0 ? connections.map(({ block }) => connectionOf9(block)) : connectionOf84(body, self, volumes),
  };
}

function volumeOf(printed: string | undefined, body: readonly Statement[]): DrbdSettings["volumes"][number] {
  const volume = countOrNull(printed);
  if (volume === null) throw new ParseError("drbdsetup show: a volume without a number");
  const device = wordsOf(body, "device") ?? [];
  const disk = wordsOf(body, "disk")?.[1] ?? null;
  return {
    volume,
    minor: device[1] === "minor" ? countOrNull(device[2]) : null,
    backingDevice: disk === "none" ? null : disk,
  };
}

function connectionOf9(body: readonly Statement[]): Connection {
  const net = blockOf(body, "net") ?? [];
  // Of several paths the first: they all lead to the same peer.
  const path = blockOf(body, "path") ?? [];
  return {
    peer: optionOf(net, "_name"),
    local: addressOf(wordsOf(path, "_this_host")?.slice(1)),
    remote: addressOf(wordsOf(path, "_remote_host")?.slice(1)),
    ...netOptionsOf(net),
    fencing: optionOf(net, "fencing"),
  };
}

/** Without a `_remote_host` (StandAlone, never connected) 8.4 has no connection to show. */
function connectionOf84(
  body: readonly Statement[],
  self: readonly Statement[],
  volumes: readonly { block: readonly Statement[] }[],
): Connection[] {
  const remote = blockOf(body, "_remote_host");
  if (remote === null) return [];
  const fencing = new Set(volumes.map(({ block }) => optionOf(blockOf(block, "disk") ?? [], "fencing")));
  const [policy = null] = fencing;
  return [
    {
      peer: null,
      local: addressOf(wordsOf(self, "address")?.slice(1)),
      remote: addressOf(wordsOf(remote, "address")?.slice(1)),
      ...netOptionsOf(blockOf(body, "net") ?? []),
      fencing: fencing.size === 1 ? policy : null,
    },
  ];
}

function netOptionsOf(
  net: readonly Statement[],
): Pick<Connection, "protocol" | "verifyAlg" | "allowTwoPrimaries" | "integrityAlg" | "authenticationAlg"> {
  return {
    protocol: protocolOf(optionOf(net, "protocol")),
    verifyAlg: optionOf(net, "verify-alg") || null, // "" is drbdsetup's word for "none set"
    allowTwoPrimaries: yesNo(wordsOf(net, "allow-two-primaries")),
    ...algorithmsOf((name) => optionOf(net, name)),
  };
}

/** The algorithms that both sides must name alike, where they are said; never the secret. */
export function algorithmsOf(option: (name: string) => string | null): Pick<Connection, "integrityAlg" | "authenticationAlg"> {
  const [integrityAlg, authenticationAlg] = [option("data-integrity-alg"), option("cram-hmac-alg")];
  return { ...(integrityAlg === null ? {} : { integrityAlg }), ...(authenticationAlg === null ? {} : { authenticationAlg }) };
}

export function protocolOf(printed: string | null | undefined): Connection["protocol"] {
  return printed === "A" || printed === "B" || printed === "C" ? printed : null;
}

/** `allow-two-primaries yes`, or the bare word of older configurations. */
function yesNo(words: readonly string[] | null): boolean | null {
  if (words === null) return null;
  if (words.length === 1) return true;
  return words[1] === "yes" ? true : words[1] === "no" ? false : null;
}

/** `ipv4 10.0.0.1:7788`, `ipv6 [fe80::1%eth0]:7788`; an older text has no family word. */
function addressOf(words: readonly string[] | undefined): DrbdAddress | null {
  const printed = words?.at(-1);
  const colon = printed?.lastIndexOf(":") ?? -1;
  if (printed === undefined || colon < 1) return null;
  return makeAddress(printed.slice(0, colon), printed.slice(colon + 1));
}

/** Null when the port is none, or there is no address. */
export function makeAddress(address: string, port: string | undefined): DrbdAddress | null {
  const number = countOrNull(port);
  const plain = address.replace(/^\[(.*)\]$/, "$1");
  return plain === "" || number === null || number > 65_535 ? null : { address: plain, port: number };
}

function blocksOf(body: readonly Statement[], word: string): { words: string[]; block: Statement[] }[] {
  return body.flatMap(({ words, block }) => (words[0] === word && block !== null ? [{ words, block }] : []));
}

function blockOf(body: readonly Statement[], word: string): Statement[] | null {
  return blocksOf(body, word)[0]?.block ?? null;
}

function wordsOf(body: readonly Statement[], word: string): string[] | null {
  return body.find(({ words, block }) => words[0] === word && block === null)?.words ?? null;
}

function optionOf(body: readonly Statement[], word: string): string | null {
  return wordsOf(body, word)?.[1] ?? null;
}
