// SPDX-License-Identifier: Apache-2.0
// Everything that stock kernels say is read by the agents, and the console says it in the right words.
import { expect, test } from "vitest";
import type { SeenView } from "@/lab/cluster/api";
import { as, seen } from "./lab";

const STORAGE = {
  ...{ drbd: "ok", bonding: "ok", aoe: "ok", pacemaker: "ok", host: "ok", kernelLog: "ok", versions: "ok" },
  ...{ md: "absent", iscsi: "ok", corosync: "ok", mounts: "ok", zfs: "absent", ocfs2: "absent", dlm: "absent" },
};
const CLIENT = { ...STORAGE, drbd: "absent", bonding: "absent", pacemaker: "absent", corosync: "absent" };

function sourcesOf(view: SeenView, node: string): Record<string, string> {
  const own = view.all("source").filter((one) => one.node === node);
  return Object.fromEntries(own.map(({ source, status, error }) => [source, error === null ? status : `${status}: ${error.message}`]));
}

test("every source of the three agents is read, or known not to be there", async () => {
  const viewer = await as("viewer");
  const view = await seen(viewer, "every source", (now) => (now.all("source").some(({ status }) => status === "pending") ? null : now));
  expect(sourcesOf(view, "alice")).toEqual(STORAGE);
  expect(sourcesOf(view, "bob")).toEqual(STORAGE);
  expect(sourcesOf(view, "carol")).toEqual(CLIENT);
  expect(view.all("source").flatMap(({ node, source, unread }) => unread.map(({ what }) => `${node} ${source}: ${what}`))).toEqual([]);
});

test("the whole path is shown in the right words, from the client's disk to the mirror's copies", async () => {
  const viewer = await as("viewer");
  await seen(viewer, "the mirror in sync", (view) => view.get("mirror", "mirror:store/0")?.said.word === "in sync" || null);
  const view = await viewer.view();
  const mirror = view.get("mirror", "mirror:store/0");
  expect(mirror?.copies.map(({ role }) => role).sort()).toEqual(["Primary", "Secondary"]);
  const primary = mirror?.copies.find(({ role }) => role === "Primary")?.node ?? "";

  for (const node of ["alice", "bob"]) {
    expect(view.get("bond", `bond:${node}/rep`)).toMatchObject({
      said: { level: "ok", word: "4 of 4 ports" },
      portsUp: 4,
      kernelSays: null,
    });
    expect(view.get("node", `node:${node}`)).toMatchObject({
      link: "live",
      role: "member",
      drbdVersion: "8.4.11",
      state: { word: "online" },
    });
  }
  expect(
    view
      .get("aoe", "aoe:carol/e0.0")
      ?.talksTo.map(({ node }) => node)
      .sort(),
  ).toEqual(["alice", "bob"]);
  expect(
    view
      .all("export")
      .map(({ from, said }) => `${from.node} ${said.level}`)
      .sort(),
  ).toEqual(["alice ok", "bob ok"]);

  const target = view.all("target").find(({ from }) => from.node === primary);
  expect(target).toMatchObject({ said: { level: "ok" }, luns: [{ lun: 1, mirror: "mirror:store/0" }], initiators: [{ node: "carol" }] });
  const [session] = view.all("session");
  expect(session).toMatchObject({
    from: { node: "carol" },
    said: { level: "ok", word: `logged in to ${primary}` },
    servedBy: { node: primary },
  });
  expect(session?.paths[0]?.steps.join(" ")).toMatch(/drbd0|store/);
  expect(view.get("resource", "rsc:g_iscsi")?.said.level).toBe("ok");
});
