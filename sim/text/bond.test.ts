// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type BondPortText, type BondText, bondStyleOf, renderBond } from "./bond";

const style = bondStyleOf("6.1.0-56-amd64");

const captured = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/bonding", name), "utf8");

function port(name: string, last: string, given: Partial<BondPortText> = {}): BondPortText {
  return { name, isUp: true, speedMbps: 1_000, failures: 0, permanentMac: `52:54:00:00:01:${last}`, churn: "monitoring", ...given };
}

function bond(given: Partial<BondText>): BondText {
  return {
    name: "bond0",
    mode: "802.3ad",
    hash: "layer2+3 (2)",
    isUp: true,
    active: null,
    mac: "52:54:00:00:01:01",
    lacpRate: "fast",
    partnerMac: "52:54:00:00:02:01",
    partnerKey: 9,
    actorKey: 9,
    ports: [port("p1", "01"), port("p2", "02")],
    ...given,
  };
}

const down = { isUp: false, failures: 1 } as const;

describe("/proc/net/bonding", () => {
  it("says a LACP bond with a pulled cable as the kernel said it", () => {
    expect(renderBond(bond({ ports: [port("p1", "01", down), port("p2", "02")] }), style)).toBe(captured("lacp-one-cable-pulled.txt"));
  });

  it("says a leaf of a bond of bonds as the kernel said it", () => {
    expect(renderBond(bond({ hash: "layer2 (0)" }), style)).toBe(captured("nested-leaf.txt"));
  });

  it("says the outer bond as the kernel said it, up and all down", () => {
    const outer = bond({
      name: "bond2",
      mode: "balance-alb",
      active: "bond0",
      ports: [port("bond0", "01", { speedMbps: 2_000 }), port("bond1", "03", { speedMbps: 2_000 })],
    });
    expect(renderBond(outer, style)).toBe(captured("nested-outer.txt"));
    const gone = { ...down, speedMbps: null };
    const silent = { ...outer, isUp: false, active: null, ports: [port("bond0", "01", gone), port("bond1", "03", gone)] };
    expect(renderBond(silent, style)).toBe(captured("nested-outer-all-down.txt"));
  });

  it("says a LACP bond without any link as the kernel said it, but for the state its ports ended in", () => {
    // Ports 1 and 2 ended in states 15 and 7: which, depends on when the last frame came.
    const withoutStates = (text: string) => text.replace(/^ {4}port state: \d+\n/gm, "");
    const text = renderBond(bond({ isUp: false, ports: [port("p1", "01", down), port("p2", "02", down)] }), style);
    expect(withoutStates(text)).toBe(withoutStates(captured("lacp-all-down.txt")));
  });

  it("leaves out on older kernels what they did not print yet", () => {
    const old = renderBond(bond({}), bondStyleOf("3.10.0-1160.119.1.el7.x86_64"));
    expect(old).toMatch(/^Ethernet Channel Bonding Driver: v3\.7\.1 \(April 27, 2011\)\n/);
    expect(old).not.toMatch(/Peer Notification|LACP active/);
    const middle = renderBond(bond({}), bondStyleOf("5.10.0-28-amd64"));
    expect(middle).toMatch(/^Ethernet Channel Bonding Driver: v5\.10\.0-28-amd64\n/);
    expect(middle).toMatch(/Peer Notification Delay/);
    expect(middle).not.toMatch(/LACP active/);
  });
});
