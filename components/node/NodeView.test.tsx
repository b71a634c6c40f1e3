// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, event, finding, hostFacts, kernel, NOW_MS, node, resource, said, source } from "@/components/factories";
import { bond } from "@/components/network-factories";
import { mirror } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { NodeView } from "./NodeView";

afterEach(cleanup);

const SOURCES = ["drbd", "bonding", "pacemaker", "host", "kernelLog"] as const;
const readings = () => SOURCES.map((one) => source("ruby", one));
const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");

function show(ruby: ReturnType<typeof node>, entities: readonly Entity[], lines?: ReturnType<typeof kernel>) {
  const live = liveFixture([cluster(), ruby, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={ruby} kernel={lines} />));
}

test("why a node was lost stands before what it carries; of one that is well it is history", () => {
  const kept = <section aria-label="Kept" />;
  const order = (ruby: ReturnType<typeof node>) => {
    const live = liveFixture([cluster(), ruby, ...readings()]);
    const { container, unmount } = render(live.wrap(<NodeView picture={live.picture} node={ruby} kernel={undefined} kept={kept} />));
    const names = [...container.querySelectorAll(".main > section")].map(
      (one) => one.getAttribute("aria-label") ?? one.getAttribute("aria-labelledby"),
    );
    unmount();
    return names.indexOf("Kept") < names.indexOf("n-services");
  };
  expect(order(node("ruby", { state: said("bad", "offline") }))).toBe(true);
  expect(order(node("ruby", { link: "lost" }))).toBe(true);
  expect(order(node("ruby"))).toBe(false);
});

test("a node's page says what it is, what it carries, and what others say of it", () => {
  const ruby = node("ruby", {
    state: said("bad", "unclean", "Its peer cannot reach it."),
    carries: said("ok", "Runs g_mail; Primary for mail."),
    opinions: [{ node: "crystal", says: "offline" }],
  });
  show(ruby, [...readings(), resource("g_mail"), mirror("mail")]);
  expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("unclean");
  expect(screen.getByText("Its peer cannot reach it.")).toBeDefined();
  expect(screen.getByText(/Runs g_mail; Primary for mail\./)).toBeDefined();
  expect(screen.getByRole("list", { name: "Other opinions" }).textContent).toBe("crystal says: offline");
  expect(screen.getByRole("heading", { name: "g_mail" })).toBeDefined();
  expect(screen.getByRole("row", { name: /mail drbd0, protocol C/ })).toBeDefined();
});

test("a client that is up and has lost a disk: the disk comes first", () => {
  const gone = said("bad", "e1.1 is not there.", "No vblade for e1.1 runs on glouton.");
  show(node("ruby", { role: "client", state: said("ok", "up"), carries: gone }), readings());
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("e1.1 is not there.");
  expect(text(screen.getByText(/No vblade for e1.1 runs on glouton/))).toBe("No vblade for e1.1 runs on glouton. ruby itself is up.");
  cleanup();
  show(node("ruby", { role: "client", state: said("old", "silent", "No word from ruby."), carries: gone }), readings());
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("silent");
});

test("by which device it can be fenced, and from where, stands among its facts", () => {
  const way = { device: "st_ruby", level: null, isSure: true, from: ["crystal", "jade"] };
  const fence = { ways: [way, { ...way, device: "pdu", from: [] }], isKnown: true, broken: [], hasWatchdog: false };
  show(node("ruby", { fence }), readings());
  expect(screen.getByText("st_ruby from crystal, jade")).toBeDefined();
  expect(screen.getByText("pdu from nowhere but itself")).toBeDefined();
  cleanup();
  show(node("ruby", { fence: { ...fence, ways: [] } }), readings());
  expect(screen.getByText("by no device")).toBeDefined();
});

test("every source stands in the table with how it went", () => {
  show(node("ruby"), [
    source("ruby", "drbd"),
    source("ruby", "aoe", { status: "absent", okAtMs: null }),
    source("ruby", "bonding", { status: "failed", okAtMs: null, error: { code: "COLLECT_FORBIDDEN", message: "permission denied" } }),
    source("ruby", "pacemaker", {
      status: "failed",
      okAtMs: NOW_MS - 283_000,
      error: { code: "COLLECT_TIMEOUT", message: "did not answer" },
    }),
    source("ruby", "host", { status: "pending", okAtMs: null, takenAtMs: null }),
    source("crystal", "drbd"),
  ]);
  const table = screen.getByRole("table", { name: "What is read on this node" });
  const row = (name: RegExp) => text(within(table).getByRole("row", { name }));
  expect(row(/^DRBD/)).toContain("read 0.6 s");
  expect(row(/^AoE/)).toContain("not on this node");
  expect(row(/^Bonds/)).toContain("could not read it");
  expect(row(/^Bonds/)).toContain("permission denied");
  expect(row(/^Pacemaker/)).toContain("cannot be read since 13:58:02, 4 min 43 s ago");
  expect(row(/^Host/)).toContain("not read yet");
  expect(within(table).getAllByRole("row").length).toBe(6);
});

test("what is wrong with the node stands on its page, and nothing of others", () => {
  show(node("ruby"), [
    ...readings(),
    finding("Pacemaker on ruby cannot be read", { about: ["source:ruby/pacemaker"] }),
    finding("crystal: idmz has 3 of 4 ports", { about: ["bond:crystal/idmz"] }),
    finding("ruby is in standby", { about: ["node:ruby"] }),
  ]);
  const findings = within(screen.getByRole("region", { name: /Findings/ }));
  expect(findings.getByText("Pacemaker on ruby cannot be read")).toBeDefined();
  expect(findings.getByText("ruby is in standby")).toBeDefined();
  expect(screen.queryByText(/crystal: idmz/)).toBeNull();
});

test("facts that the node does not say are left out, not invented", () => {
  show(node("ruby", { drbdVersion: null, host: hostFacts({ load1: null, memoryTotalBytes: null, cpus: null }) }), readings());
  const rail = within(screen.getByRole("complementary", { name: "Facts" }));
  expect(rail.queryByText("Load")).toBeNull();
  expect(rail.queryByText("Memory")).toBeNull();
  expect(rail.queryByText("DRBD")).toBeNull();
  expect(rail.getByText("6.1.0-56-amd64")).toBeDefined();
});

test("kernel lines stand newest first, warnings marked in words", () => {
  const lines = kernel("ruby", [
    { ago: 10, text: "task targetcli:21877 blocked for more than 120 seconds.", priority: 3 },
    { ago: 60, text: "block drbd0: Resync done" },
  ]);
  show(node("ruby"), readings(), lines);
  const list = within(screen.getByRole("region", { name: /Last kernel lines/ })).getAllByRole("listitem");
  expect(list.map((item) => item.lastElementChild?.textContent)).toEqual([
    "task targetcli:21877 blocked for more than 120 seconds.",
    "block drbd0: Resync done",
  ]);
  expect(list[0]?.textContent).toContain("error");
  expect(list[1]?.textContent).not.toContain("error");
});

test("what changed on the node stands on its page, what was lost of it too, and nothing of others", () => {
  show(node("ruby"), [
    event("ruby: 12 changes or kernel lines of 4 min were lost on the node", { source: null, subject: "ruby", level: "unknown" }),
    event("ruby fenced by crystal", { node: "crystal", subject: "ruby" }),
    event("idmz on crystal: e1p2 link down", { node: "crystal", subject: "idmz" }),
  ]);
  const changed = within(screen.getByRole("region", { name: "What changed" })).getAllByRole("listitem");
  expect(changed).toHaveLength(2);
  expect(screen.getByRole("region", { name: "What changed" }).textContent).toContain("were lost on the node");
});

test("a silent node says since when, and its values look old", () => {
  const gone = { freshness: "lost" as const, takenAtMs: NOW_MS - 14_000, okAtMs: NOW_MS - 14_000 };
  show(node("ruby", { link: "lost", lastWordAtMs: NOW_MS - 14_000 }), [
    ...SOURCES.map((one) => source("ruby", one, gone)),
    bond("ruby", "bond0"),
  ]);
  expect(text(screen.getByText(/no word/))).toContain("no word since 14:02:31, 14 s ago");
  expect(screen.getByText("bond0").closest(".stale")).not.toBeNull();
});

test("versions stand in the rail, and where a peer has another one it is said there", () => {
  const versions = [
    { what: "Kernel", version: "6.1.0-56-amd64", differs: "crystal has 6.1.0-57-amd64" },
    { what: "vblade", version: null, differs: null },
  ];
  show(node("ruby", { versions }), [...readings(), source("ruby", "versions")]);
  const part = screen.getByRole("region", { name: /^Versions/ });
  expect(text(part)).toContain("crystal has 6.1.0-57-amd64");
  expect(text(part)).toContain("vbladenone here");
});

test("a source that this node does not have is a line in the table, not a part of the page", () => {
  show(node("ruby"), [...readings(), source("ruby", "aoe", { status: "absent", okAtMs: null })]);
  expect(screen.queryByRole("region", { name: /^AoE/ })).toBeNull();
  expect(text(screen.getByRole("row", { name: /^AoE/ }))).toContain("not on this node");
});
