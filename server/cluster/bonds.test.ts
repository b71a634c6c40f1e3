// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Bond } from "@/agent/protocol/model/bonding";
import { NO_PARTNER } from "./bond-baseline";
import { bondEntities } from "./bonds";
import { bond, lacpBond, port } from "./factories";
import type { Standing } from "./freshness";

const LIVE: Standing = { freshness: "live", status: "ok", isCurrent: true, why: null };

function judge(...bonds: Bond[]): string {
  const entity = bondEntities("ruby", { bonds, unread: [] }, LIVE)[0]?.[1];
  return `${entity?.said.level} ${entity?.said.word}`;
}

const lacp = (more: Partial<NonNullable<Bond["lacp"]>>) => ({
  lacp: { permitted: true, aggregatorId: 1, portCount: 2, partnerMac: "52:54:00:73:aa:01", ...more },
});
const two = () => [port("p1"), port("p2")];

describe("a bond is judged by what carries", () => {
  it.each<[string, Bond[], string]>([
    ["all ports up", [bond("b", two())], "ok 2 of 2 ports"],
    ["one down", [bond("b", [port("p1"), port("p2", { link: "down" })])], "risk 1 of 2 ports"],
    ["none up", [bond("b", [port("p1", { link: "down" })], { link: "down" })], "bad no port up"],
    ["no ports", [bond("b", [])], "risk no ports"],
    ["coming back does not carry yet", [bond("b", [port("p1"), port("p2", { link: "going back" })])], "risk 1 of 2 ports"],
    ["a word nobody knows", [bond("b", [port("p1"), port("p2", { link: "wobbling" })])], "unknown 1 of 2 ports"],
    ["LACP all well", [lacpBond("b", two())], "ok 2 of 2 ports"],
    ["no active aggregator", [lacpBond("b", two(), lacp({ aggregatorId: null }))], "bad no port up"],
    ["a port in another aggregator", [lacpBond("b", [port("p1"), port("p2", { aggregatorId: 2 })])], "risk 1 of 2 ports"],
    ["nobody answers LACP", [lacpBond("b", two(), lacp({ partnerMac: NO_PARTNER }))], "risk 2 of 2 ports, no LACP partner"],
    [
      "LACP hidden from this user claims nothing about it",
      [lacpBond("b", two(), { lacp: { permitted: false, aggregatorId: null, portCount: null, partnerMac: null } })],
      "ok 2 of 2 ports",
    ],
    [
      "an outer bond whose inner one lost its partner",
      [
        bond("outer", [port("inner", { isBond: true })]),
        lacpBond("inner", two(), { parent: "outer", ...lacp({ partnerMac: NO_PARTNER }) }),
      ],
      "risk 2 of 2 ports, no LACP partner",
    ],
    [
      "an inner bond that is down carries nothing, whatever its ports say",
      [bond("outer", [port("inner", { isBond: true, link: "down" }), port("p9")]), bond("inner", two(), { parent: "outer", link: "down" })],
      "risk 1 of 3 ports",
    ],
    [
      "a loop, which no kernel makes, ends",
      [bond("a", [port("b", { isBond: true })]), bond("b", [port("a", { isBond: true })])],
      "risk no ports",
    ],
  ])("%s", (_, bonds, expected) => {
    expect(judge(...bonds)).toBe(expected);
  });

  it("says that LACP is hidden rather than that all is known", () => {
    const hidden = lacpBond("b", two(), { lacp: { permitted: false, aggregatorId: null, portCount: null, partnerMac: null } });
    expect(bondEntities("ruby", { bonds: [hidden], unread: [] }, LIVE)[0]?.[1].said.why).toContain("not known");
  });

  it("a net of bonds, which no kernel makes, costs no more than it is large", () => {
    const layer = (depth: number) => Array.from({ length: 20 }, (_, index) => `l${depth}n${index}`);
    const bonds = Array.from({ length: 12 }, (_, depth) => depth).flatMap((depth) =>
      layer(depth).map((name) => bond(name, depth < 11 ? layer(depth + 1).map((one) => port(one)) : [port("p1", { link: "down" })])),
    );
    // As paths these are 20 to the 11th.
    expect(judge(...bonds)).toBe("bad no port up");
    expect(judge(...bonds.map((one) => ({ ...one, ports: [...one.ports, port("p9")] })))).toMatch(/^risk/);
  });

  it("nested deeper than any kernel nests it is neither followed to the end nor called good", () => {
    const chain = Array.from({ length: 20_000 }, (_, depth) => bond(`b${depth}`, [port(depth < 19_999 ? `b${depth + 1}` : "p1")]));
    expect(judge(...chain)).toBe("unknown 0 of 1 port");
  });

  it("is old where its node is not heard", () => {
    const silent: Standing = { freshness: "lost", status: "ok", isCurrent: false, why: "No word from ruby." };
    const entity = bondEntities("ruby", { bonds: [bond("b", two())], unread: [] }, silent)[0]?.[1];
    expect(entity?.said).toEqual({ level: "old", word: "was 2 of 2 ports", why: "No word from ruby." });
    expect(entity?.portSaid.p1?.level).toBe("old");
  });
});

describe("what a bond still survives", () => {
  const endures = (...bonds: Bond[]) => bondEntities("ruby", { bonds, unread: [] }, LIVE)[0]?.[1].endurance?.says;
  const inner = (name: string, mac: string, ports: Bond["ports"]) =>
    lacpBond(
      name,
      ports.map((one) => ({ ...one, partnerMac: mac })),
      { parent: "idmz", ...lacp({ partnerMac: mac }) },
    );
  const outer = bond("idmz", [port("idmz1", { isBond: true }), port("idmz2", { isBond: true })]);
  const [a, b] = ["00:23:73:aa:10:01", "00:23:73:bb:10:01"] as const;

  it("all but one of the ports that carry, through all depths, and either of two switches", () => {
    expect(endures(outer, inner("idmz1", a, two()), inner("idmz2", b, [port("p3"), port("p4")]))).toBe(
      "tolerates 3 more link failures; either switch may fail",
    );
  });
  it("a port that is down counts for nothing, and neither does what is up in a bond that carries nothing", () => {
    const dead = bond("idmz", [port("idmz1", { isBond: true }), port("idmz2", { isBond: true, link: "down" })]);
    expect(endures(dead, inner("idmz1", a, two()), inner("idmz2", b, [port("p3"), port("p4")]))).toBe(
      "tolerates 1 more link failure; all of it hangs on the switch …73:aa:10:01",
    );
  });
  it("the last port is said to be the last", () => {
    expect(endures(bond("b", [port("p1"), port("p2", { link: "down" })]))).toBe("no link failure more is tolerated");
  });
  it("switches that LACP does not name are not counted", () => {
    expect(endures(bond("b", two()))).toBe("tolerates 1 more link failure");
  });
  it("nothing is promised where a port's word is not known, where nothing carries, or of old values", () => {
    expect(endures(bond("b", [port("p1"), port("p2", { link: "wobbling" })]))).toBeUndefined();
    expect(endures(bond("b", [port("p1", { link: "down" })], { link: "down" }))).toBeUndefined();
    const old: Standing = { freshness: "stale", status: "ok", isCurrent: false, why: "No word from ruby." };
    expect(bondEntities("ruby", { bonds: [bond("b", two())], unread: [] }, old)[0]?.[1].endurance).toBeUndefined();
  });
});
