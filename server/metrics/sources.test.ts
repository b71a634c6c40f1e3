// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { cluster, enrolled, failed, nodeFacts, silent, T0 } from "@/server/cluster/factories";
import { pair } from "@/server/cluster/pair.factories";
import { clusterNow, linesOf } from "./test-samples";

const ruby = pair().nodes.get("ruby") ?? nodeFacts("ruby");
const of = (source: string) => `cluster="san-a",node="ruby",source="${source}"`;
const linesAbout = async (source: string, facts = cluster(ruby), nowMs = T0) =>
  (await linesOf(facts, "", nowMs)).filter((line) => line.startsWith("quarterdeck_source") && line.includes(`source="${source}"`));

function withFailed() {
  const { drbd } = ruby.sources;
  if (!drbd) throw new Error("ruby has DRBD");
  const reading = failed("it did not answer", T0 + 4_000);
  return cluster({
    ...ruby,
    lastWordAtMs: T0 + 4_000,
    sources: { ...ruby.sources, drbd: { ...drbd, reading, takenAtMs: T0 + 4_000, okAtMs: T0 } },
  });
}

describe("a source", () => {
  it("is up, and its age is that of what is shown", async () => {
    expect(await linesAbout("drbd", cluster(ruby), T0 + 1_250)).toEqual([
      `quarterdeck_source_age_seconds{${of("drbd")}} 1.25`,
      `quarterdeck_source_state{${of("drbd")},state="ok"} 1`,
      `quarterdeck_source_unread_parts{${of("drbd")}} 0`,
      `quarterdeck_source_up{${of("drbd")}} 1`,
    ]);
  });

  it("that failed is not up, and goes on growing old from when it was last read well", async () => {
    expect(await linesAbout("drbd", withFailed(), T0 + 4_000)).toEqual([
      `quarterdeck_source_age_seconds{${of("drbd")}} 4`,
      `quarterdeck_source_state{${of("drbd")},state="failed"} 1`,
      `quarterdeck_source_up{${of("drbd")}} 0`,
    ]);
    expect(await linesOf(withFailed(), "ha_cluster_scrape_success", T0 + 4_000)).toContain(
      'ha_cluster_scrape_success{cluster="san-a",instance="ruby",collector="drbd"} 0',
    );
  });

  it("that is not on the node is not up, is said to be absent, and is no failed collector", async () => {
    expect(await linesAbout("corosync")).toEqual([
      `quarterdeck_source_age_seconds{${of("corosync")}} 0`,
      `quarterdeck_source_state{${of("corosync")},state="absent"} 1`,
      `quarterdeck_source_up{${of("corosync")}} 0`,
    ]);
    expect((await linesOf(cluster(ruby), "ha_cluster_scrape_success")).filter((line) => line.includes("corosync"))).toEqual([]);
  });

  it.each([
    ["late", silent(ruby), T0 + 500],
    ["late", ruby, T0 + 6_000],
    ["lost", ruby, T0 + 60_000],
  ])("is %s with its agent or by itself", async (state, node, nowMs) => {
    const lines = await linesAbout("drbd", cluster(node), nowMs);
    expect(lines).toContain(`quarterdeck_source_state{${of("drbd")},state="${state}"} 1`);
    expect(lines).toContain(`quarterdeck_source_up{${of("drbd")}} 0`);
  });

  it("that was never read has no age", async () => {
    expect(await linesAbout("drbd", cluster(enrolled("ruby")))).toEqual([
      `quarterdeck_source_state{${of("drbd")},state="pending"} 1`,
      `quarterdeck_source_up{${of("drbd")}} 0`,
    ]);
  });
});

describe("an agent", () => {
  it("is up while it is heard in time, and silent for so long", async () => {
    expect(await linesOf(cluster(ruby), "quarterdeck_agent_up")).toEqual(['quarterdeck_agent_up{cluster="san-a",node="ruby"} 1']);
    expect(await linesOf(cluster(ruby), "quarterdeck_agent_up", T0 + 60_000)).toEqual([
      'quarterdeck_agent_up{cluster="san-a",node="ruby"} 0',
    ]);
    expect(await linesOf(cluster(ruby), "quarterdeck_agent_silence_seconds", T0 + 60_000)).toEqual([
      'quarterdeck_agent_silence_seconds{cluster="san-a",node="ruby"} 60',
    ]);
    expect(await linesOf(cluster(enrolled("ruby")), "quarterdeck_agent_silence_seconds")).toEqual([]);
  });
});

it("a clock that was set back makes nothing younger than now", async () => {
  expect(await linesOf(clusterNow(cluster(ruby)).facts, "quarterdeck_agent_silence_seconds", T0 - 3_600_000)).toEqual([
    'quarterdeck_agent_silence_seconds{cluster="san-a",node="ruby"} 0',
  ]);
});
