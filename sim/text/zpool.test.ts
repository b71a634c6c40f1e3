// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { renderZpoolList, renderZpoolStatus } from "./zpool";

const pool = (state: "online" | "faulted") => ({
  name: "backup",
  sizeKib: 2 * 1024 * 1024,
  allocatedKib: 1024,
  devices: [
    { name: "vdb", state: "online" as const, writeErrors: 0 },
    { name: "vdc", state, writeErrors: state === "faulted" ? 14 : 0 },
  ],
});

describe("zpool status", () => {
  it("of a whole pool has one line for each device, counts below their heads", () => {
    expect(renderZpoolStatus([pool("online")])).toContain(
      [
        "\tNAME        STATE     READ WRITE CKSUM",
        "\tbackup      ONLINE       0     0     0",
        "\t  mirror-0  ONLINE       0     0     0",
        "\t    vdb     ONLINE       0     0     0",
      ].join("\n"),
    );
  });

  it("of a pool with a faulted device says what ZFS says of that", () => {
    const text = renderZpoolStatus([pool("faulted")]);
    expect(text).toContain(" state: DEGRADED\nstatus: One or more devices are faulted in response to persistent errors.\n");
    expect(text).toContain("\t    vdc     FAULTED      0    14     0  too many errors\n");
  });
});

it("zpool list gives bytes", () => {
  expect(renderZpoolList([pool("online")])).toBe("backup\t2147483648\t1048576\n");
});
