// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName, type ViewSoFar } from "./define";
import { hostNow, interfaceOf, interfaceTo } from "./ways";

interface End {
  node: string;
  name: string;
  mtu: number;
}

/** The interface at one end of a line, with its MTU; null where either is not known now. */
function endOf(view: ViewSoFar, node: string, name: string | null): End | null {
  const mtu = interfaceOf(view, node, name)?.mtu ?? null;
  return name === null || mtu === null ? null : { node, name, mtu };
}

interface Line {
  id: string;
  what: string;
  about: string[];
  ends: readonly [End, End];
}

const sayEnd = ({ node, name, mtu }: End) => `${name} of ${node} has ${mtu}`;

/** Between the copies of each mirror, by the addresses that DRBD itself uses. */
function mirrorLines(view: ViewSoFar): Line[] {
  return every(view, "mirror").flatMap(([key, mirror]) => {
    const sides = mirror.copies.flatMap(({ drbd }): EntityOf<"drbd">[] => {
      const side = drbd === null ? undefined : view.get(drbd);
      return side?.kind === "drbd" && side.said.level !== "old" ? [side] : [];
    });
    return sides.flatMap((a, index) =>
      sides.slice(index + 1).flatMap((b): Line[] => {
        const line = (a.settings?.connections ?? []).find(
          ({ local, remote }) =>
            local !== null &&
            remote !== null &&
            (b.settings?.connections ?? []).some((other) => other.local?.address === remote.address && other.local.port === remote.port),
        );
        const [from, to] = [line?.local?.address ?? null, line?.remote?.address ?? null];
        const one = endOf(view, a.from.node, interfaceTo(view, a.from.node, to, from));
        const other = endOf(view, b.from.node, interfaceTo(view, b.from.node, from, to));
        if (!one || !other) return [];
        const name = mirrorName(mirror);
        return [{ id: `${name}/${one.node}/${other.node}`, what: `The replication of ${name}`, about: [key], ends: [one, other] }];
      }),
    );
  });
}

/** From an iSCSI client to the node that has the portal's address now. */
function sessionLines(view: ViewSoFar): Line[] {
  return every(view, "session").flatMap(([key, { from, session, servedBy, said }]): Line[] => {
    const portal = session.address;
    if (servedBy === null || portal === null || said.level === "old") return [];
    const owner = hostNow(view, servedBy.node)?.addresses?.find(({ address }) => address === portal)?.interface ?? null;
    const one = endOf(view, from.node, interfaceTo(view, from.node, portal));
    const other = endOf(view, servedBy.node, owner);
    if (!one || !other) return [];
    return [
      {
        id: `${from.node}/${session.name}`,
        what: `${from.node}'s way to ${session.target ?? "its target"}`,
        about: [key],
        ends: [one, other],
      },
    ];
  });
}

/** The two ends of a line over TCP have different MTUs. */
export const lineMtu = defineRule({
  name: "line-mtu",
  doc: {
    area: "network",
    title: "MTUs differ along a line",
    means:
      "The ends agree on the smaller one, so the larger is in vain; and where the switches between them follow neither, large packets are lost and the line hangs under load.",
    levels: ["differs"],
    fires: "The interfaces by which two copies of a mirror reach each other, or an iSCSI client its portal's node, have different MTUs.",
    not: "Ends whose interface or MTU is not known for sure now. The switches between them are not read; Corosync finds its own.",
    todo: "Set one MTU on both ends and on the switches between them.",
    needs: [49, 66],
  },
  find: (view) =>
    [...mirrorLines(view), ...sessionLines(view)].flatMap(({ id, what, about, ends }) => {
      const [one, other] = ends;
      if (one.mtu === other.mtu) return [];
      return [
        {
          id: `line-mtu:${id}`,
          level: "differs" as const,
          title: `${what} goes from MTU ${one.mtu} to ${other.mtu}`,
          why: `${sayEnd(one)}, ${sayEnd(other)}: the smaller one counts, and switches that follow neither lose what is larger.`,
          todo: "Set one MTU on both ends and on the switches between them.",
          about: [...about, keyOf.node(one.node), keyOf.node(other.node)],
        },
      ];
    }),
});

/** What carries an interface is smaller than it: a bond's port, or what a VLAN stands on. */
export const linkMtu = defineRule({
  name: "link-mtu",
  doc: {
    area: "network",
    title: "A link is smaller than what goes over it",
    means: "A bond or VLAN sends packets that its port does not take: they are dropped without a word, only those that take this port.",
    levels: ["risk"],
    fires: "A port of a bond has a smaller MTU than the bond, or a VLAN (by its name, bond0.10) has a larger one than what it stands on.",
    not: "Interfaces whose MTU is not known now. The kernel sets a port's MTU when it joins: it differs when somebody set it afterwards.",
    todo: "Set the port's MTU to that of the bond: ip link set dev PORT mtu N.",
    needs: [49, 70],
  },
  find: (view) =>
    every(view, "node").flatMap(([key, { name: node }]) => {
      const interfaces = new Map((hostNow(view, node)?.interfaces ?? []).map((one) => [one.name, one]));
      const carried = every(view, "bond")
        .filter(([, { from, said }]) => from.node === node && said.level !== "old")
        .flatMap(([its, { bond }]) => bond.ports.map((port) => ({ upper: bond.name, lower: port.name, its })));
      const vlans = [...interfaces.keys()].flatMap((name) => {
        const lower = /^(.+)\.\d+$/.exec(name)?.[1];
        return lower === undefined ? [] : [{ upper: name, lower, its: keyOf.bond(node, lower) }];
      });
      const odd = [...carried, ...vlans].flatMap(({ upper, lower, its }) => {
        const [above, below] = [interfaces.get(upper)?.mtu ?? null, interfaces.get(lower)?.mtu ?? null];
        return above !== null && below !== null && below < above ? [{ upper, lower, above, below, its }] : [];
      });
      const [first] = odd;
      if (!first) return [];
      const names = [...new Set(odd.map(({ lower }) => lower))];
      return [
        {
          id: `link-mtu:${node}`,
          level: "risk" as const,
          title: `${node}: ${joinWords(names)} ${names.length === 1 ? "is" : "are"} smaller than what goes over ${names.length === 1 ? "it" : "them"}`,
          why: odd
            .slice(0, 4)
            .map(({ upper, lower, above, below }) => `${upper} has MTU ${above}, ${lower} below it ${below}.`)
            .join(" "),
          todo: `Larger packets are dropped there without a word: ip link set dev ${first.lower} mtu ${first.above} on ${node}, and in its configuration.`,
          about: [key, ...new Set(odd.map(({ its }) => its).filter((one) => view.has(one)))],
        },
      ];
    }),
});
