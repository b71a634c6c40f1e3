// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { DrbdDevice, DrbdSettings } from "@/agent/protocol/model/drbd";
import { around, cluster, drbd, nodeFacts, settings } from "@/server/cluster/factories";
import { crystalSettings, crystalSide, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";

type Half = [devices: DrbdDevice[], settings: DrbdSettings[] | null];

function found(ruby: Half, crystal: Half): string[] {
  const half = (node: string, [devices, known]: Half) => nodeFacts(node, { drbd: drbd(devices, { settings: known }) });
  const view = project(cluster(half("ruby", ruby), half("crystal", crystal)), around(), new Map());
  return [...view.values()].flatMap((entity) =>
    entity.kind === "finding" && entity.rule.startsWith("mirror-") ? [`${entity.level} ${entity.title}: ${entity.why}`] : [],
  );
}

const to = (resource: string, minor: number, port: number) => settings(resource, minor, "10.0.0.1", "10.0.0.2", port);
const back = (resource: string, minor: number, port: number) => settings(resource, minor, "10.0.0.2", "10.0.0.1", port);

describe("what a mirror is called and where it stands", () => {
  it("says nothing where both sides agree", () => {
    expect(found([[rubySide()], [rubySettings]], [[crystalSide()], [crystalSettings]])).toEqual([]);
  });

  it("two names for one address pair are one mirror, and said", () => {
    const all = found([[rubySide({ resource: "left" })], [to("left", 0, 7_788)]], [[crystalSide()], [crystalSettings]]);
    expect(all).toHaveLength(1);
    expect(all[0]).toContain("risk store is called left on ruby: ");
  });

  it("one name with two ports is two mirrors, and said with both ends", () => {
    const all = found([[rubySide()], [to("store", 0, 7_788)]], [[crystalSide()], [back("store", 0, 7_789)]]);
    expect(all).toContain(
      "risk store on crystal and ruby do not meet: They have one name, but their addresses and ports do not fit: " +
        "crystal has 10.0.0.2:7789 to 10.0.0.1:7789 and ruby has 10.0.0.1:7788 to 10.0.0.2:7788.",
    );
    // Neither minors nor single sides are told beside it: this is why.
    expect(all.filter((text) => text.includes("drbd0 is") || text.includes("cannot be judged"))).toEqual([]);
  });

  it("one name without known settings joins, and nothing is said", () => {
    expect(found([[rubySide()], null], [[crystalSide()], null])).toEqual([]);
  });

  it("one minor that is another resource on the peer is said", () => {
    const all = found(
      [
        [rubySide(), rubySide({ minor: 1, resource: "mail" })],
        [to("store", 0, 7_788), to("mail", 1, 7_789)],
      ],
      [
        [crystalSide({ minor: 1 }), crystalSide({ minor: 0, resource: "mail" })],
        [back("store", 1, 7_788), back("mail", 0, 7_789)],
      ],
    );
    expect(all.map((text) => text.split(":")[0])).toEqual([
      "risk drbd0 is mail on crystal and store on ruby",
      "risk drbd1 is store on crystal and mail on ruby",
    ]);
  });

  it("nodes that share no mirror may use one minor for different things", () => {
    expect(
      found(
        [[rubySide({ peers: [] })], [to("store", 0, 7_788)]],
        [[crystalSide({ resource: "mail", peers: [] })], [back("mail", 0, 7_789)]],
      ).filter((text) => text.includes("drbd0 is")),
    ).toEqual([]);
  });

  it("thousands of sides are compared minor by minor, not each with each", () => {
    let looks = 0;
    const sides = Array.from({ length: 2_000 }, (_, minor) => {
      const side = minor === 0 ? rubySide() : rubySide({ minor, resource: `r${minor}`, peers: [] });
      return {
        ...side,
        get minor() {
          looks += 1;
          return minor;
        },
      };
    });
    expect(found([sides, null], [[crystalSide()], null]).filter((text) => text.includes(" is r"))).toEqual([]);
    expect(looks).toBeLessThan(2_000 * 50);
  });
});
