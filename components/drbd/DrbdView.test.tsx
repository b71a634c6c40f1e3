// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, event, finding, NOW_MS, node, said, source } from "@/components/factories";
import { drbd, drbdDevice, drbdPeer, mirror } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { DrbdView } from "./DrbdView";

afterEach(cleanup);

function show(entities: readonly Entity[]) {
  const live = liveFixture([cluster(), node("ruby"), node("crystal"), source("ruby", "drbd"), source("crystal", "drbd"), ...entities]);
  render(live.wrap(<DrbdView picture={live.picture} resource="store" />));
}
const side = (name: string) => within(screen.getByRole("region", { name: `${name} says` }));
const value = (name: string, fact: string) => side(name).getAllByText(fact)[0]?.nextElementSibling?.textContent?.replaceAll("\u00a0", " ");

test("what the state means stands first, in the server's order", () => {
  show([mirror("store", { said: said("risk", "only ruby holds it"), meaning: ["Only ruby has all of it.", "Wait for the resync."] })]);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("only ruby holds it");
  const meaning = within(screen.getByRole("region", { name: "Mirror store" })).getAllByRole("listitem");
  expect(meaning.map((item) => item.textContent)).toEqual(["Only ruby has all of it.", "Wait for the resync."]);
});

test("each side speaks for itself, also where they disagree", () => {
  show([
    mirror("store"),
    drbd("ruby", "store", {
      device: drbdDevice({ cs: "StandAlone", peers: [drbdPeer({ connection: "StandAlone", role: "Unknown", disk: "DUnknown" })] }),
    }),
    drbd("crystal", "store", {
      device: drbdDevice({
        role: "Secondary",
        cs: "WFConnection",
        peers: [drbdPeer({ connection: "Connecting", outOfSyncBytes: 12_288 })],
      }),
    }),
  ]);
  expect(value("ruby", "Connection")).toBe("StandAlone");
  expect(value("crystal", "Connection")).toBe("Connecting");
  expect(value("crystal", "Out of sync")).toBe("12 KiB");
});

test("settings that are not known are not shown as none", () => {
  show([mirror("store"), drbd("ruby", "store")]);
  expect(side("ruby").getByText("the settings are not known")).toBeDefined();
});

test("settings are shown as they are in force", () => {
  const settings = {
    resource: "store",
    volumes: [{ volume: 0, minor: 0, backingDevice: "/dev/vg0/store" }],
    connections: [
      {
        peer: "crystal",
        local: { address: "10.20.0.11", port: 7788 },
        remote: { address: "10.20.0.12", port: 7788 },
        protocol: "C" as const,
        verifyAlg: null,
        fencing: "resource-only",
        allowTwoPrimaries: false,
      },
    ],
  };
  show([mirror("store"), drbd("ruby", "store", { settings })]);
  expect(value("ruby", "Address")).toBe("10.20.0.11:7788 to 10.20.0.12:7788");
  expect(value("ruby", "verify-alg")).toBe("not said");
  expect(value("ruby", "Two Primaries")).toBe("not allowed");
});

test("only its own findings and events stand beside it", () => {
  show([
    mirror("store"),
    finding("Only ruby holds store"),
    finding("A port is down", { about: ["bond:ruby/bond0"] }),
    event("store in sync", { atMs: NOW_MS - 1_000 }),
    event("mail in sync", { subject: "mail" }),
  ]);
  const rail = within(screen.getByRole("complementary", { name: "Now" }));
  expect(rail.getAllByRole("listitem").length).toBe(2);
  expect(rail.getByText(/Only ruby holds store/)).toBeDefined();
  expect(rail.getByText(/store in sync/)).toBeDefined();
});
