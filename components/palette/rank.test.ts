// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { groupsOf } from "./groups";
import type { Row } from "./place";
import { ranked } from "./rank";

const row = (kind: Row["kind"], name: string, part: Partial<Row> = {}): Row => ({
  href: `/${part.cluster ?? "san-a"}/${kind}/${name}`,
  kind,
  name,
  cluster: "san-a",
  level: "ok",
  says: "in sync",
  ...part,
});
const nowhere = { here: null, recent: [] };
const names = (rows: readonly Row[]) => rows.map(({ name }) => name);

describe("what is typed finds", () => {
  const rows = [
    row("mirror", "restore"),
    row("mirror", "vm-store"),
    row("mirror", "storehouse"),
    row("mirror", "store"),
    row("node", "ruby", { says: "stored away" }),
    row("mirror", "s-t-o-r-e"),
  ];

  test("the name itself first, then its beginning, a part, inside, the state, the letters in their order", () => {
    expect(names(ranked(rows, "store", nowhere))).toEqual(["store", "storehouse", "vm-store", "restore", "ruby", "s-t-o-r-e"]);
  });

  test("only what every word fits, in any order of the words", () => {
    const two = [row("node", "ruby"), row("node", "ruby", { cluster: "north" }), row("mirror", "ruby")];
    expect(ranked(two, "node north ruby", nowhere)).toEqual([two[1]]);
    expect(ranked(two, "nor rub", nowhere)).toEqual([two[1]]);
    expect(ranked(two, "zzz", nowhere)).toEqual([]);
  });

  test("a thing whose name begins so before the sentences that begin with it", () => {
    const found = row("finding", "ruby never ran p_vm", { level: "bad" });
    const node = row("node", "ruby");
    expect(ranked([found, node], "rub", nowhere)).toEqual([node, found]);
  });

  test("things by their state, and capitals do not matter", () => {
    expect(names(ranked([row("mirror", "mail", { says: "differs in 12 KiB" }), row("mirror", "store")], "DIFF", nowhere))).toEqual([
      "mail",
    ]);
  });
});

describe("equal fits stand", () => {
  const calm = row("mirror", "data1", { cluster: "attic" });
  const bad = row("mirror", "data2", { cluster: "attic", level: "bad" });
  const own = row("mirror", "data3", { cluster: "north" });

  test("worst first", () => {
    expect(ranked([calm, own, bad], "data", nowhere)).toEqual([bad, calm, own]);
  });
  test("the cluster of this page before all others", () => {
    expect(ranked([calm, bad, own], "data", { here: "north", recent: [] })[0]).toBe(own);
  });
  test("what was used last before what is worse", () => {
    expect(ranked([bad, calm], "data", { here: null, recent: [calm.href] })[0]).toBe(calm);
  });
});

describe("the groups", () => {
  const rows = [
    row("cluster", "san-a"),
    row("node", "ruby"),
    row("mirror", "store"),
    row("mirror", "mail"),
    row("page", "Fleet", { cluster: null }),
  ];

  test("with nothing typed: what was used last, then every kind, nothing twice", () => {
    const groups = groupsOf(rows, "", { here: null, recent: ["/san-a/mirror/mail", "/gone"] });
    expect(groups.map((group) => [group.name, names(group.rows)])).toEqual([
      ["Used last", ["mail"]],
      ["Clusters", ["san-a"]],
      ["Nodes", ["ruby"]],
      ["Mirrors", ["store"]],
      ["Pages of the console", ["Fleet"]],
    ]);
  });

  test("with something typed: the group of the best fit first", () => {
    expect(groupsOf(rows, "store", nowhere).map(({ name }) => name)).toEqual(["Mirrors"]);
    expect(groupsOf(rows, "f", nowhere)[0]?.name).toBe("Pages of the console");
  });

  test("a long group is cut, and says by how many", () => {
    const many = Array.from({ length: 40 }, (_, index) => row("node", `n${index}`));
    expect(groupsOf(many, "n", nowhere)[0]).toMatchObject({ more: 34 });
  });
});
