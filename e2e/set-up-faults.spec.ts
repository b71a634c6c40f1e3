// SPDX-License-Identifier: Apache-2.0
import { demo, expect, listenTo } from "./console";
import { type HungWall, test } from "./hung-wall";
import { PATIENT, says, saysNoMore } from "./said";

/** A fault, and the words by which a person knows it: on the fleet, the cluster's page, the node's and the wall. */
interface Told {
  cluster: string;
  node: string;
  fault: readonly [name: string, ...args: string[]];
  words: RegExp;
}

/** At the most two of each cluster: a tile of the wall has room for its headline and one more. */
const SET_UP: readonly Told[] = [
  { cluster: "san-a", node: "crystal", fault: ["ban-fencing", "crystal"], words: /no other node may fence crystal/i },
  { cluster: "san-a", node: "ruby", fault: ["drift-corosync", "ruby"], words: /corosync.conf differs: totem.token/ },
  {
    cluster: "attic",
    node: "glouton",
    fault: ["bypass-mirror", "glouton", "scans"],
    words: /vg_scans-root stands on the disk under scans/,
  },
  {
    cluster: "attic",
    node: "jade",
    fault: ["shrink-mtu", "jade", "bond0"],
    words: /MTUs 1500 and 9000 along the replication of archive and/,
  },
  { cluster: "north", node: "tromso", fault: ["break-level", "tromso"], words: /Fencing of tromso: level 1 cannot work/ },
  { cluster: "north", node: "narvik", fault: ["shrink-mtu", "narvik", "e2p1"], words: /narvik: e2p1 is smaller than what goes over it/ },
];

const clustersOf = (all: readonly Told[]) => [...new Set(all.map(({ cluster }) => cluster))];
const wordsOf = (all: readonly Told[], cluster: string) => all.flatMap((one) => (one.cluster === cluster ? [one.words] : []));
const allWords = (all: readonly Told[]) => all.map(({ words }) => words);

async function areTold(page: Parameters<typeof says>[0], wall: HungWall, all: readonly Told[]): Promise<void> {
  for (const { cluster, words } of all) await wall.says(cluster, words);
  await says(page, allWords(all), ["/"]);
  for (const cluster of clustersOf(all)) await says(page, wordsOf(all, cluster), [`/c/${cluster}`]);
  for (const { cluster, node, words } of all) await says(page, words, [`/c/${cluster}/n/${node}`]);
}

async function areGone(page: Parameters<typeof says>[0], wall: HungWall, all: readonly Told[]): Promise<void> {
  await saysNoMore(page, allWords(all), ["/", ...clustersOf(all).map((cluster) => `/c/${cluster}`)]);
  for (const { words } of all) await wall.saysNoMore(words);
}

test("what is set up differently on two nodes, or so that it cannot work, is told once each, where it belongs", async ({
  console: page,
  wall,
}) => {
  test.setTimeout(300_000);
  for (const { fault } of SET_UP) await demo().sim.fault(...fault);
  await areTold(page, wall, SET_UP);
  // One cause is one line: what follows from it stands inside.
  await page.goto(`${demo().origin}/c/san-a`);
  await expect(page.getByRole("main")).toContainText("p_fence_crystal is stopped");
  const standing = async (slug: string) =>
    (await demo().entities(slug)).flatMap(({ entity }) =>
      entity.kind === "finding" && entity.level !== "absent" && !entity.cause ? [entity.rule] : [],
    );
  await expect.poll(() => standing("san-a"), PATIENT).toEqual(["corosync-config", "fencing-reach"]);
  await expect.poll(() => standing("attic"), PATIENT).toEqual(["mirror-bypassed", "line-mtu"]);
  await expect.poll(() => standing("north"), PATIENT).toEqual(["link-mtu", "fencing-level"]);
  for (const { fault } of SET_UP) await demo().sim.repair(...fault);
  await areGone(page, wall, SET_UP);
});

const AT_BOOT: readonly Told[] = [
  { cluster: "north", node: "tromso", fault: ["skip-at-boot", "tromso", "backup"], words: /tromso: pool backup did not come up/ },
  { cluster: "attic", node: "hv06", fault: ["skip-at-boot", "hv06", "md0"], words: /hv06: md0 did not come up after the boot/ },
];

/** Looked for once a minute, or twice: told and over while the minute passes that a boot is given. */
const MEANWHILE: readonly Told[] = [
  {
    cluster: "north",
    node: "tromso",
    fault: ["uninstall", "tromso", "ocf:heartbeat:pgsql"],
    words: /tromso lacks the agent ocf:heartbeat:pg/,
  },
  { cluster: "san-a", node: "ruby", fault: ["allow-two", "ruby", "mail"], words: /mail: allow-two-primaries differs between its sides/ },
];

test("what a boot did not bring up, and what is not installed, is missed; over when it is there", async ({ console: page, wall }) => {
  test.setTimeout(300_000);
  for (const { fault } of [...AT_BOOT, ...MEANWHILE]) await demo().sim.fault(...fault);
  for (const node of ["tromso", "hv06"]) await demo().sim.fault("kill-node", node);
  await wall.says("attic", /no word from hv06/i);
  await wall.says("north", /no word from tromso|tromso is (unclean|offline)/i);
  for (const node of ["tromso", "hv06"]) await demo().sim.repair("kill-node", node);
  await areTold(page, wall, MEANWHILE);
  for (const { fault } of MEANWHILE) await demo().sim.repair(...fault);
  await areTold(page, wall, AT_BOOT);
  const heard = await listenTo("attic");
  for (const { fault } of AT_BOOT) await demo().sim.repair(...fault);
  await heard(/^hv06: md0/);
  await areGone(page, wall, [...AT_BOOT, ...MEANWHILE]);
});
