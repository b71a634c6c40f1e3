// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker, PacemakerConstraint } from "@/agent/protocol/model/pacemaker";
import { resource } from "@/server/cluster/factories";
import { AT, both, DAY_MS, DEVICE, fenced, MINUTE_MS, of, type Proofs, printed } from "./scenes.factories";

const NAMES = ["ruby", "crystal"];
const g_mail = () => [resource("g_mail", "ruby")];
const shots = (...minutes: number[]) =>
  of(both({ fencing: minutes.map((minute) => fenced("crystal", "success", printed(AT - minute * MINUTE_MS))) }));
const devices = (values: Record<string, string>) =>
  of(both({ resources: [...g_mail(), DEVICE], parameters: [{ resource: "st_ipmi", values }] }));
/** One device for both, watched, with the set-up around it. */
const setUp = (more: Parameters<typeof both>[0], setup: Partial<NonNullable<Pacemaker["fenceSetup"]>> = {}) =>
  of(
    both({
      resources: [...g_mail(), DEVICE],
      parameters: [{ resource: "st_ipmi", values: { pcmk_host_list: "ruby crystal" } }],
      fenceSetup: {
        symmetric: true,
        watchdogTimeout: null,
        devices: [{ resource: "st_ipmi", monitorEveryMs: 60_000 }],
        levels: [],
        ...setup,
      },
      ...more,
    }),
  );
const never = (node: string, id = `never-${node}`): PacemakerConstraint => ({
  id,
  kind: "location",
  resource: "st_ipmi",
  with: null,
  node,
  score: "-INFINITY",
  role: null,
  rule: null,
});
const level = (device: string) => ({ levels: [{ index: 1, target: "ruby", pattern: null, attribute: null, devices: [device] }] });

export const FENCING: Proofs = {
  "fencing-failed": {
    fires: of(both({ fencing: [fenced("crystal", "failed")] })),
    not: of(both({ fencing: [fenced("crystal", "success"), fenced("crystal", "failed")] })),
  },
  "fencing-off": { fires: of(both({ stonithEnabled: false })), not: of(both({})) },
  "fencing-none": {
    fires: of(both({ resources: [resource("g_mail", null)] })),
    not: of(both({ resources: [resource("g_mail", null, { targetRole: "Stopped" })] })),
  },
  "fencing-gap": { fires: devices({ pcmk_host_list: "ruby" }), not: devices({ pcmk_host_check: "dynamic-list" }) },
  // The device may be used from nowhere but the node that it fences.
  "fencing-reach": {
    fires: setUp({ constraints: [never("crystal")] }),
    not: setUp({ constraints: [never("crystal")] }, { watchdogTimeout: "10s" }),
  },
  "fencing-level": { fires: setUp({}, level("st_impi")), not: setUp({}, level("st_ipmi")) },
  "fencing-unwatched": {
    fires: setUp({}, { devices: [{ resource: "st_ipmi", monitorEveryMs: null }] }),
    not: setUp({}),
  },
  "fencing-untested": {
    fires: of(both({ resources: [...g_mail(), DEVICE] })),
    not: of(
      both({
        resources: [...g_mail(), DEVICE],
        fencing: NAMES.map((name) => fenced(name, "success", printed(AT - 30 * DAY_MS))),
      }),
    ),
  },
  "fencing-loop": { fires: shots(5, 25), not: shots(5, 65) },
  "fencing-runs": {
    fires: of(both({ fencing: [fenced("crystal", "pending")] })),
    not: of(both({ fencing: [fenced("crystal", "success")] })),
  },
};
