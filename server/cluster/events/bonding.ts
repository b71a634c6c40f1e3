// SPDX-License-Identifier: Apache-2.0
import type { Bond, Bonding, BondPort } from "@/agent/protocol/model/bonding";
import { NO_PARTNER, rememberPorts } from "../bond-baseline";
import { counted } from "../words";
import { type Change, type Telling, type Told, told } from "./tell";

/** What changed in a node's bonds. A port that is itself a bond is told by its own ports. */
export function tellBonding({ node, before, after, memory: known, rawMs }: Change<Bonding>): Telling {
  const memory = rememberPorts(known, after, rawMs);
  if (!before) return { told: [], memory };
  const news: Told[] = [];
  const old = new Map(before.bonds.map((bond) => [bond.name, bond]));
  for (const bond of after.bonds) {
    const was = old.get(bond.name);
    if (was) news.push(...tellBond(node, was, bond));
    else news.push(told(bond.name, `${node}: ${bond.name} appeared, ${counted(bond.ports.length, "port")}`, "ok"));
    old.delete(bond.name);
  }
  for (const gone of old.values()) news.push(told(gone.name, `${node}: ${gone.name} is gone`, "bad"));
  return { told: news, memory };
}

function tellBond(node: string, was: Bond, now: Bond): Told[] {
  const news: Told[] = [];
  const old = new Map(was.ports.map((port) => [port.name, port]));
  for (const port of now.ports) {
    const known = old.get(port.name);
    old.delete(port.name);
    if (!known) news.push(told(now.name, `${node}: ${port.name} joined ${now.name}`, "ok"));
    else if (known.link !== port.link && !port.isBond) news.push(tellPort(node, now, known, port));
  }
  for (const gone of old.values()) news.push(told(now.name, `${node}: ${gone.name} left ${now.name}`, "risk"));
  if (was.link !== now.link) news.push(told(now.name, `${node}: ${now.name} link ${now.link}`, now.link === "up" ? "ok" : "bad"));
  if (was.activePort !== now.activePort) news.push(tellActive(node, was, now));
  if (was.lacp?.permitted && now.lacp?.permitted) {
    if (was.lacp.aggregatorId !== now.lacp.aggregatorId) {
      const text = now.lacp.aggregatorId === null ? "has no active aggregator" : `uses aggregator ${now.lacp.aggregatorId}`;
      news.push(told(now.name, `${node}: ${now.name} ${text}`, now.lacp.aggregatorId === null ? "bad" : "ok"));
    }
    if (was.lacp.partnerMac !== now.lacp.partnerMac && now.lacp.partnerMac !== null) {
      const isDeaf = now.lacp.partnerMac === NO_PARTNER;
      news.push(
        told(
          now.name,
          `${node}: ${now.name} ${isDeaf ? "lost its LACP partner" : `has LACP partner ${now.lacp.partnerMac}`}`,
          isDeaf ? "risk" : "ok",
        ),
      );
    }
  }
  return news;
}

function tellPort(node: string, bond: Bond, was: BondPort, port: BondPort): Told {
  const isUp = port.link === "up";
  const fails = !isUp && port.failureCount ? `, ${counted(port.failureCount, "failure")}` : "";
  const level = isUp ? "ok" : port.link === "down" ? "risk" : was.link === "up" ? "risk" : "busy";
  return told(bond.name, `${node}: ${port.name} link ${port.link} in ${bond.name}${fails}`, level);
}

function tellActive(node: string, was: Bond, now: Bond): Told {
  if (now.activePort === null) return told(now.name, `${node}: ${now.name} has no active port`, "bad");
  const from = was.activePort === null ? "" : `, was ${was.activePort}`;
  return told(now.name, `${node}: ${now.name} uses ${now.activePort}${from}`, "ok");
}
