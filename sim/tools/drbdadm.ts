// SPDX-License-Identifier: Apache-2.0
import { clusterOf, copyOf, type Mirror, type MirrorLink, mirrorOf, otherEnd, type SimNode } from "@/sim/model/model";
import { type KernelRefusal, startVerify, verifyRefusal } from "@/sim/model/verify-life";
import { drbdadmInvalidate } from "./drbdadm-invalidate";
import { drbdadmLink } from "./drbdadm-link";
import { done, type Tool, type ToolCall, ToolEnd } from "./tool";

/** Exit codes of `drbdsetup` and `drbdadm`. Source: captures of drbd-utils 9.22 on 8.4.11. */
const EXIT_STATE_CHANGE = 11;
const EXIT_UNKNOWN = 1;
const EXIT_USAGE = 20;

/** What was asked: `drbdadm [-- OPTIONS] COMMAND RES[:PEER][/VOL] [OPTIONS]`; 8.x wants what is for drbdsetup after `--` and first. */
interface Asked {
  command: string;
  resource: string;
  peer: string | null;
  options: ReadonlyMap<string, string>;
}

/** `drbdadm`: verifies, disconnects, connects and invalidates; what the kernel refuses is said in its words. */
export const drbdadm: Tool = (call, reach) => {
  const asked = askedOf(call);
  const { mirror, links } = meant(call, asked);
  switch (asked.command) {
    case "connect":
    case "disconnect":
      return drbdadmLink(call, reach, asked.command, { mirror, links });
    case "invalidate":
      return drbdadmInvalidate(call, reach, asked.options, { mirror, links });
    case "verify":
      break;
    default:
      throw new ToolEnd(EXIT_USAGE, `drbdadm: this simulated node does not know: ${call.args.join(" ")}`);
  }
  for (const link of links) {
    const refusal = verifyRefusal(mirror, link, call.node.name);
    if (refusal !== null) throw refused(call.node, mirror, link, asked, refusal);
  }
  const [startSector, stopSector] = ["start", "stop"].map((name) => sectorOf(asked.options.get(name)));
  reach.change((scene) => {
    const cluster = clusterOf(scene.fleet, call.cluster.slug);
    startVerify(scene, cluster, mirrorOf(cluster, mirror.name), call.node.name, {
      peer: asked.peer,
      startSector: startSector ?? null,
      stopSector: stopSector ?? null,
    });
  });
  return done();
};

function askedOf({ args, node }: ToolCall): Asked {
  const isNine = node.drbd?.generation === "9";
  const usage = () => new ToolEnd(EXIT_USAGE, `drbdadm: this simulated node does not know: ${args.join(" ")}`);
  const hasDashes = args[0] === "--";
  // DRBD 8's drbdadm does not know drbdsetup's options as its own.
  if (isNine === hasDashes && args.some((word) => word.startsWith("--"))) throw usage();
  const options = new Map<string, string>();
  const words: string[] = [];
  for (const word of hasDashes ? args.slice(1) : args) {
    const option = /^--([a-z-]+)=(.*)$/.exec(word);
    if (option) options.set(option[1] ?? "", option[2] ?? "");
    else words.push(word);
  }
  const [command, what = "", more] = words;
  const name = /^([^:/]+)(?::([^:/]+))?(?:\/(\d+))?$/.exec(what);
  if (!command || !name || more !== undefined || (node.drbd?.generation === "8.3" && what.includes("/"))) throw usage();
  return { command, resource: name[1] ?? "", peer: name[2] ?? null, options };
}

function meant({ cluster, node }: ToolCall, { resource, peer }: Asked): { mirror: Mirror; links: MirrorLink[] } {
  const mirror = cluster.mirrors.find(({ name, copies }) => name === resource && copies.some((copy) => copy.node === node.name));
  if (!mirror) throw new ToolEnd(EXIT_UNKNOWN, `'${resource}' not defined in your config (for this host).`);
  const own = mirror.links.filter((link) => link.a === node.name || link.b === node.name);
  const links = peer === null ? own : own.filter((link) => otherEnd(link, node.name) === peer);
  if (links.length === 0) throw new ToolEnd(EXIT_UNKNOWN, `'${resource}:${peer}' not defined in your config (for this host).`);
  return { mirror, links };
}

/** "100000s" or "0": sectors of 512 bytes. */
function sectorOf(text: string | undefined): number | null {
  return text === undefined ? null : Number(text.replace(/s$/, ""));
}

function refused(node: SimNode, mirror: Mirror, link: MirrorLink, asked: Asked, { number, words }: KernelRefusal): ToolEnd {
  const { minor } = copyOf(mirror, node.name);
  const [object, line] =
    node.drbd?.generation === "9"
      ? [mirror.name, `drbdsetup verify ${mirror.name} ${peerIdOf(link, node.name)} 0`]
      : [String(minor), node.drbd?.generation === "8.3" ? `drbdsetup ${minor} verify` : `drbdsetup-84 verify ${minor}`];
  const given = [...asked.options].map(([name, value]) => ` --${name}=${value}`).join("");
  return new ToolEnd(
    EXIT_STATE_CHANGE,
    `${object}: State change failed: (${number}) ${words}\nCommand '${line}${given}' terminated with exit code ${EXIT_STATE_CHANGE}`,
  );
}

function peerIdOf(link: MirrorLink, self: string): number {
  return link.a === self ? 1 : 0;
}
