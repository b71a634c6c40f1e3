// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
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

/** A mirror's replication, or a client's way to its target. */
interface Line {
  mirror: string | null;
  what: string;
  about: string;
  ends: readonly [End, End];
}

/** Lines whose ends are tied together: one interface with a wrong MTU is one finding, however many lines leave by it. */
interface Web {
  lines: Line[];
  ends: Map<string, End>;
}

/** Lines named in the title; the rest is counted. */
const NAMED = 3;

const endName = ({ node, name }: End) => `${node}/${name}`;

/** Every web with an odd line in it, of those odd lines alone. */
function websOf(lines: readonly Line[]): Web[] {
  const webs: Web[] = [];
  for (const line of lines) {
    if (line.ends[0].mtu === line.ends[1].mtu) continue;
    const tied = webs.filter(({ ends }) => line.ends.some((end) => ends.has(endName(end))));
    const web: Web = {
      lines: [...tied.flatMap((one) => one.lines), line],
      ends: new Map([...tied.flatMap(({ ends }) => [...ends]), ...line.ends.map((end) => [endName(end), end] as const)]),
    };
    webs.splice(0, webs.length, ...webs.filter((one) => !tied.includes(one)), web);
  }
  return webs;
}

/** "the replication of pg-main and pg-wal and hv01's way to o1" */
function sayLines(lines: readonly Line[]): string {
  const mirrors = [...new Set(lines.flatMap(({ mirror }) => mirror ?? []))].sort(byName);
  const others = [...new Set(lines.flatMap(({ mirror, what }) => (mirror === null ? [what] : [])))].sort(byName);
  const named = [...mirrors.slice(0, NAMED), ...(mirrors.length > NAMED ? [`${mirrors.length - NAMED} more`] : [])];
  return joinWords([...(mirrors.length > 0 ? [`the replication of ${joinWords(named)}`] : []), ...others.slice(0, NAMED)]);
}

/** "bond0 of narvik has 1500, bond0 of bergen and bond0 of tromso have 9000" */
function sayEnds(ends: readonly End[]): string {
  const byMtu = new Map<number, string[]>();
  for (const { node, name, mtu } of ends) byMtu.set(mtu, [...(byMtu.get(mtu) ?? []), `${name} of ${node}`]);
  return [...byMtu]
    .sort(([a], [b]) => a - b)
    .map(([mtu, names]) => `${joinWords(names.sort(byName))} ${names.length === 1 ? "has" : "have"} ${mtu}`)
    .join(", ");
}

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
        return [{ mirror: name, what: name, about: key, ends: [one, other] }];
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
    return [{ mirror: null, what: `${from.node}'s way to ${session.target ?? "its target"}`, about: key, ends: [one, other] }];
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
    todo: "Set one MTU on all ends and on the switches between them.",
    needs: [49, 66],
  },
  find: (view) =>
    websOf([...mirrorLines(view), ...sessionLines(view)]).map(({ lines, ends }) => {
      const all = [...ends.values()].sort((a, b) => byName(endName(a), endName(b)));
      const mtus = [...new Set(all.map(({ mtu }) => mtu))].sort((a, b) => a - b);
      const small = all.filter(({ mtu }) => mtu !== mtus.at(-1));
      return {
        id: `line-mtu:${small.map(endName).join()}`,
        level: "differs" as const,
        title: `MTUs ${joinWords(mtus.map(String))} along ${sayLines(lines)}`,
        why: `${sayEnds(all)}: the smaller one counts, and switches that follow neither lose what is larger.`,
        todo: "Set one MTU on all ends and on the switches between them.",
        about: [...new Set([...lines.map(({ about }) => about), ...all.map(({ node }) => keyOf.node(node))])],
      };
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
