// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen, wallTells } from "./lab";

const IQN = "iqn.2026-11.lab.cluster:bare";
const TARGET = `primitive p_bare ocf:heartbeat:iSCSITarget params iqn=${IQN} implementation=lio-t op start interval=0 timeout=300 op stop interval=0 timeout=300 op monitor interval=60 timeout=300`;

test("an iSCSITarget with the default portal: Pacemaker says Started, the console says that it has no portal", async () => {
  const viewer = await as("viewer");
  await lab.must("alice", `echo '${TARGET}' >/run/bare.crm && crm -F configure load update /run/bare.crm`, 600);
  try {
    const home = await seen(
      viewer,
      "p_bare started",
      (view) => view.get("resource", "rsc:p_bare")?.places.find(({ role }) => role === "Started")?.node,
    );
    expect(await lab.must("alice", "crm_mon -1 --output-as=xml")).toMatch(/<resource id="p_bare"[^>]* role="Started"[^>]* failed="false"/);
    await lab.isBroken("a target has no portal");
    await seen(viewer, "a target without a portal", (view) => {
      const { level, word } = view.get("target", `target:${home}/${IQN}`)?.said ?? {};
      return (level === "bad" && word === "no portal") || null;
    });
    const finding = await seen(viewer, "a finding of it", (view) => view.get("finding", `finding:iscsi-target:${home}/${IQN}`));
    expect(finding.title).toBe(`${home}: target ${IQN} has no portal`);
    expect(finding.todo).toContain("portals");
    await wallTells(new RegExp(`^${home}: target ${IQN} has no portal`));
  } finally {
    await lab.isMended("a target has no portal");
    await lab.must("alice", "crm --force --wait resource stop p_bare && crm --force configure delete p_bare", 600);
  }
  await seen(viewer, "p_bare gone", (view) => (view.get("resource", "rsc:p_bare") === undefined ? true : null));
});
