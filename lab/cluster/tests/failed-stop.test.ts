// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { others, placeOf } from "./oracle";

test.each(["stop-fails", "stop-hangs"] as const)(
  "a service whose stop does not work (%s): its node is fenced, and why was shown",
  async (how) => {
    const viewer = await as("viewer");
    const on = (await placeOf("vm_mail", "jade")) ?? "";
    const [witness = ""] = others(on);
    const before = (await lab.fencings()).length;
    const { atMs } = await viewer.view();
    await lab.fail(on, "vm_mail", how);
    await lab.must(witness, "crm_standby", "--node", on, "--update", "on");

    const event = await seen(viewer, "that the stop failed", (view) =>
      view.all("event").find((one) => one.atMs > atMs && /stop of vm_mail on .* failed/.test(one.text)),
    );
    expect(event.text).toContain(how === "stop-fails" ? "the test wants the stop to fail" : "did not complete within 10s");
    await seen(viewer, `the fencing of ${on}`, (view) =>
      view.all("fencing").find(({ fencing }) => fencing.target === on && fencing.status === "success"),
    );
    const orders = (await lab.fencings()).slice(before);
    expect(orders.map(({ target }) => target)).toEqual([on]);
    const to = await seen(viewer, "the service elsewhere", (view) => {
      const [place] = view.get("resource", "rsc:vm_mail")?.places ?? [];
      return place && place.node !== on && place.said.level === "ok" ? place.node : null;
    });
    expect(await placeOf("vm_mail", to)).toBe(to);
  },
);
