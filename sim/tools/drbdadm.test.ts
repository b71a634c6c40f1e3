// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { newFleet } from "@/sim/model/fleet";
import { type Fleet, mirrorOf, nodeOf } from "@/sim/model/model";
import { play, tick } from "@/sim/model/tick";
import { drbdadm } from "./drbdadm";
import { ToolEnd, type ToolReach } from "./tool";

/** A calm fleet in memory, on whose nodes drbdadm is started. */
function world() {
  let fleet: Fleet = newFleet({ atMs: Date.UTC(2026, 10, 20), isCalm: true, pace: 1, newId: () => "boot" });
  const reach: ToolReach = {
    fleet: () => fleet,
    change(act) {
      fleet = play(fleet, act).fleet;
    },
    until: () => Promise.resolve(),
  };
  return {
    run: async (on: string, ...args: string[]) => {
      const { cluster, node } = nodeOf(fleet, on);
      try {
        return await drbdadm({ node, cluster, args, pid: 1, cwd: "/", cibFile: null }, reach);
      } catch (error) {
        if (error instanceof ToolEnd) return { code: error.code, stdout: "", stderr: `${error.message}\n` };
        throw error;
      }
    },
    change: reach.change,
    links: (on: string, name: string) => mirrorOf(nodeOf(fleet, on).cluster, name).links,
    pass(ms: number) {
      fleet = tick(fleet, ms).fleet;
    },
  };
}

describe("drbdadm verify", () => {
  it.each([
    ["crystal", "mail", ["--", "--start=0", "verify", "mail/0"]],
    ["jade", "archive", ["--", "--start=0", "verify", "archive"]],
    ["bergen", "spool", ["verify", "--start=0", "spool:narvik/0"]],
  ])("on %s: starts it in the words of its generation", async (on, name, args) => {
    const { run, links } = world();
    expect(await run(on, ...args)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(links(on, name)[0]?.sync).toMatchObject({ kind: "verify", from: on });
  });

  it("without a peer compares with every other copy; with one, only with that", async () => {
    const { run, links } = world();
    await run("bergen", "verify", "--start=0", "pg-main/0");
    expect(links("bergen", "pg-main").filter(({ sync }) => sync !== null)).toHaveLength(2);
    await run("tromso", "verify", "--start=0", "pg-wal:narvik/0");
    expect(links("bergen", "pg-wal").filter(({ sync }) => sync !== null)).toHaveLength(1);
  });

  it("does not know the words of another generation", async () => {
    const { run } = world();
    expect((await run("crystal", "verify", "--start=0", "mail/0")).code).toBe(20);
    expect((await run("jade", "--", "--start=0", "verify", "archive/0")).code).toBe(20);
    expect((await run("bergen", "--", "--start=0", "verify", "spool/0")).code).toBe(20);
  });

  it("is refused in the kernel's words, as captured", async () => {
    const { run, change, links } = world();
    await run("crystal", "--", "--start=0", "verify", "mail/0");
    expect(await run("ruby", "--", "--start=0", "verify", "mail/0")).toEqual({
      code: 11,
      stdout: "",
      stderr:
        "1: State change failed: (-8) Can not start OV/resync since it is already active\nCommand 'drbdsetup-84 verify 1 --start=0' terminated with exit code 11\n",
    });
    expect(await run("ruby", "--", "--start=0", "verify", "nosuch/0")).toMatchObject({
      code: 1,
      stderr: "'nosuch' not defined in your config (for this host).\n",
    });
    change(({ fleet }) => {
      mirrorOf(nodeOf(fleet, "ruby").cluster, "store").verifyAlg = null;
    });
    expect((await run("ruby", "--", "--start=0", "verify", "store/0")).stderr).toContain("(-14) Need a verify algorithm");
    change(({ fleet }) => {
      for (const link of mirrorOf(nodeOf(fleet, "ruby").cluster, "vm-images").links) link.state = "waiting";
    });
    expect((await run("ruby", "--", "--start=0", "verify", "vm-images/0")).stderr).toContain("(-15) Need a connection");
    expect(links("ruby", "store")[0]?.sync).toBeNull();
  });

  it("with a Diskless peer: exit 0, and nothing happens", async () => {
    const { run, change, links } = world();
    change(({ fleet }) => {
      for (const copy of mirrorOf(nodeOf(fleet, "ruby").cluster, "mail").copies) if (copy.node === "ruby") copy.disk = "Diskless";
    });
    expect((await run("crystal", "--", "--start=0", "verify", "mail/0")).code).toBe(0);
    expect(links("ruby", "mail")[0]?.sync).toBeNull();
  });

  it("--stop=0 ends the one that runs here where it is", async () => {
    const { run, links, pass } = world();
    await run("crystal", "--", "--start=0", "verify", "mail/0");
    pass(5_000);
    expect((await run("crystal", "--", "--stop=0", "verify", "mail/0")).code).toBe(0);
    pass(1_000);
    expect(links("ruby", "mail")[0]).toMatchObject({ sync: null, state: "connected" });
    expect(links("ruby", "mail")[0]?.reachedSector).toBeGreaterThan(0);
  });
});
