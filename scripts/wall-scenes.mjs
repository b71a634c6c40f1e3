// SPDX-License-Identifier: Apache-2.0
// Walls of more clusters, and of other trouble, than the simulated fleet has: made of its own snapshot, shown by the real page.

/** How each cluster of a scene stands, and who of the fleet it is a copy of. */
const SCENES = {
  "wall-calm-1": ["calm"],
  "wall-calm-12": Array.from({ length: 12 }, () => "calm"),
  "wall-1": ["bad"],
  "wall-5": ["bad", "risk", "silent", "held", "calm"],
  "wall-9": ["bad", "risk", "risk", "differs", "silent", "held", "calm", "calm", "calm"],
  "wall-40": Array.from({ length: 40 }, (_, index) =>
    index < 3 ? (["bad", "risk", "silent"][index] ?? "calm") : index === 9 ? "held" : "calm",
  ),
  "wall-40-worst": Array.from({ length: 40 }, (_, index) => ["bad", "risk", "silent", "risk"][index % 4] ?? "risk"),
};
const NAMES = [
  ..."san-a attic north harbour delta brine skua fjord quay-east quay-west pier lagoon reef shoal cape-town sound strait bight".split(" "),
  ..."gulf inlet haven bluff ridge storage-cluster-with-a-long-name tern gannet plover dunlin curlew whimbrel knot ruff smew".split(" "),
  ..."eider scoter garganey pochard wigeon gadwall shelduck".split(" "),
];

export const WALLS = ["wall", ...Object.keys(SCENES), "wall-gone", "wall-over"];

/** The snapshot of a scene: copies of the fleet's clusters, each as the scene has it. */
function scened(scene, snapshot) {
  const own = Object.values(snapshot.clusters);
  const clusters = {};
  for (const [index, stands] of scene.entries()) {
    const slug = NAMES[index] ?? `more-${index}`;
    clusters[slug] = standing(stands, structuredClone(own[index % own.length] ?? {}), slug, snapshot.atMs - (index + 1) * 437_000);
  }
  return { ...snapshot, clusters };
}

function standing(stands, entities, slug, sinceMs) {
  const entries = Object.entries(entities).filter(
    ([, { kind }]) => stands === "bad" || stands === "risk" || !["finding", "run", "maintenance"].includes(kind),
  );
  const view = Object.fromEntries(entries);
  const { cluster } = view;
  Object.assign(cluster, { slug, title: slug, sinceMs });
  const says = (level, word, why) => Object.assign(cluster, { headline: { level, word, why } });
  const nodes = entries.flatMap(([, entity]) => (entity.kind === "node" ? [entity] : []));
  if (stands === "bad")
    says(
      "bad",
      `Nobody serves ${slug}-data: no good copy on a node that is up`,
      "Its clients wait since then; the last copy that was whole is on a node that does not answer.",
    );
  if (stands === "risk" && cluster.headline.level === "ok") says("risk", "At risk: the bond of one node carries on its last port", null);
  if (stands === "differs") says("differs", "mail differs in 12 KiB between two nodes", "Found by the verify of 03:10.");
  if (stands === "calm" || stands === "silent") says("ok", "Nothing known is wrong", null);
  if (stands === "silent") for (const node of nodes) Object.assign(node, { link: "lost", lastWordAtMs: sinceMs });
  if (stands === "held") {
    says("held", "Maintenance", null);
    view[`maintenance:${nodes[0]?.name}`] = {
      kind: "maintenance",
      node: nodes[0]?.name ?? null,
      declared: { owner: "anna", note: "new disks", startedAtMs: sinceMs, endsAtMs: sinceMs + 9_000_000 },
      said: { level: "held", word: "in maintenance", why: null },
    };
  }
  return view;
}

/** Opens a wall in this page and takes its picture in every size. */
export async function shootWall(page, address, name, shoot) {
  const scene = SCENES[name];
  let isCut = false;
  await page.routeWebSocket(/\/ws\/wall$/, (line) => {
    const ofConsole = line.connectToServer();
    ofConsole.onMessage((words) => {
      if (isCut) return;
      const frame = scene && typeof words === "string" ? JSON.parse(words) : null;
      if (!scene || frame?.type === "hello" || frame?.type === "bye") line.send(words);
      else if (frame?.type === "snapshot") line.send(JSON.stringify(scened(scene, frame)));
      else if (frame?.type === "pulse") line.send(JSON.stringify({ ...frame, ages: {} }));
    });
  });
  await page.goto(name === "wall-over" ? `${address}x` : address, { waitUntil: "load" });
  if (name !== "wall-over")
    await page.locator(scene ? `.wall:has-text("${NAMES[scene.length - 1]}"), .wall:has-text("more clear")` : ".wall").waitFor();
  if (scene) await page.waitForTimeout(700);
  if (name === "wall-gone") {
    isCut = true;
    await page.locator(".wall-gone").waitFor();
  }
  await shoot();
  await page.unrouteAll();
}
