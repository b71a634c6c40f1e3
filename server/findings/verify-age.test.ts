// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { VerifyState, VerifySummary } from "@/agent/protocol/console/verify";
import type { EntityOf } from "@/agent/protocol/console/view";
import { around, T0 } from "@/server/cluster/factories";
import { pair } from "@/server/cluster/pair.factories";
import { project } from "@/server/cluster/project";
import { NEVER } from "@/server/cluster/verifies";

const DAY_MS = 86_400_000;

function last(change: Partial<VerifySummary>): VerifySummary {
  return {
    id: "v",
    cluster: "san-a",
    resource: "store",
    volume: 0,
    starter: "ruby",
    peer: "crystal",
    cause: "node",
    by: null,
    run: null,
    schedule: null,
    startedAtMs: T0 - DAY_MS,
    endedAtMs: T0 - DAY_MS,
    result: "clean",
    percent: 100,
    says: null,
    sizeBytes: null,
    rateBytesPerSec: null,
    differsBytes: null,
    outOfSync: [],
    ...change,
  };
}

function found(state: Partial<VerifyState> | null) {
  const states = new Map(state === null ? [] : [["verify:store/0", { ...NEVER, ...state }]]);
  const view = project(pair(), around(T0, { verifies: states }), new Map());
  const findings = [...view.values()].filter(
    (entity): entity is EntityOf<"finding"> => entity.kind === "finding" && entity.rule.startsWith("verify-"),
  );
  const cluster = view.get("cluster");
  return { findings, headline: cluster?.kind === "cluster" ? cluster.headline.level : null };
}

describe("what is found of verifies", () => {
  it("never verified is good to know and no alarm: the cluster stays calm", () => {
    expect(found(null)).toMatchObject({
      findings: [{ rule: "verify-never", level: "absent", title: "No mirror was ever verified" }],
      headline: "ok",
    });
  });

  it("clean within the limit is nothing to tell", () => {
    expect(found({ cleanAtMs: T0 - 29 * DAY_MS, last: last({}) })).toEqual({ findings: [], headline: "ok" });
  });

  it("clean too long ago is told with its age", () => {
    expect(found({ cleanAtMs: T0 - 45 * DAY_MS, last: last({}) }).findings).toMatchObject([
      { rule: "verify-old", title: "Not verified for more than 30 days: store", why: "The oldest clean verify is 45 days old." },
    ]);
  });

  it("differed, and nothing is marked any more: what is missing is the proof", () => {
    const { findings, headline } = found({ last: last({ result: "differs", differsBytes: 12_288 }) });
    expect(findings).toMatchObject([
      { rule: "verify-differed", title: "store: its last verify found 12 KiB", about: ["mirror:store/0", "verify:store/0"] },
    ]);
    expect(headline).toBe("ok");
  });
});
