// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, configure, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AskProvider } from "@/components/ask/AskProvider";
import { auditRow } from "@/components/commands/factories";
import { guardFinding } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { AuditView, type AuditViewProps } from "./AuditView";
import { readFilter, writeFilter } from "./audit-filter";
import { ChainVerdict } from "./ChainCheck";

// What checks answers is loaded with the first one: a slow machine is slow, not red.
configure({ asyncUtilTimeout: 30_000 });

beforeEach(() => void vi.stubGlobal("fetch", async () => new Response("{}", { status: 500 })));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const NO_FILTER = readFilter(new URLSearchParams("cluster=san-a"));
const text = (of: HTMLElement = document.body) => (of.textContent ?? "").replaceAll("\u00a0", " ");

function show(part: Partial<AuditViewProps> = {}) {
  const did: unknown[] = [];
  render(
    liveFixture([]).wrap(
      <AskProvider>
        <AuditView
          slug="san-a"
          clusters={[{ slug: "san-a", title: "san-a" }]}
          userRole="viewer"
          filter={NO_FILTER}
          rows={[auditRow("r1")]}
          error={null}
          more={null}
          open={null}
          onFilter={(filter) => did.push(filter)}
          onOpen={(run) => did.push(run)}
          {...part}
        />
      </AskProvider>,
    ),
  );
  return did;
}

describe("a row", () => {
  test("says when, who, from where, what, how it ended and how long it took", () => {
    show();
    const row = screen.getByRole("row", { name: /Standby ruby/ });
    for (const part of ["14:01:45", "anna", "192.0.2.7", "Standby ruby", "done", "12 s"]) expect(text(row)).toContain(part);
  });

  test("that has no end yet does not look done", () => {
    show({ rows: [auditRow("r1", { outcome: null, closedAtMs: null, says: null })] });
    expect(screen.getByText("under way")).toBeDefined();
    expect(screen.getByText("no end yet")).toBeDefined();
  });

  test("opens to its reason, accepted warnings, effects, lines, output, phases and entries", () => {
    const findings = [
      guardFinding("busy-sessions", { message: "hv01 writes." }),
      guardFinding("votes", { level: "inform", message: "A vote." }),
    ];
    const row = auditRow("r1", { findings, output: "set standby=on" });
    const did = show({ rows: [row] });
    fireEvent.click(screen.getByRole("button", { name: "Details of Standby ruby" }));
    expect(did).toEqual(["r1"]);
    cleanup();
    show({ rows: [row], open: "r1" });
    const regions = ["Accepted warnings", "What else the guards said", "What was foreseen", "How it went", "Command lines", "Output"];
    for (const name of regions) expect(screen.getByRole("region", { name })).toBeDefined();
    expect(screen.getByText("kernel update")).toBeDefined();
    expect(screen.getByText("set standby=on")).toBeDefined();
    expect(within(screen.getByRole("region", { name: "Entries in the chain" })).getByText("aaaaaaaaaaaa…")).toBeDefined();
  });
});

describe("the list", () => {
  test("not answered, refused, empty and narrowed to nothing are four things", () => {
    show({ rows: null });
    expect(screen.getByText("asking the console")).toBeDefined();
    cleanup();
    show({ rows: null, error: new Error("The console did not answer.") });
    expect(screen.getByRole("alert").textContent).toContain("did not answer");
    expect(screen.queryByText("asking the console")).toBeNull();
    cleanup();
    show({ rows: [] });
    expect(screen.getByRole("heading", { name: "No command was confirmed yet" })).toBeDefined();
    cleanup();
    const did = show({ rows: [], filter: { ...NO_FILTER, by: "otto" } });
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    expect(did).toEqual([NO_FILTER]);
  });

  test("is narrowed by who, what and how it ended, also in its exports", () => {
    const did = show();
    fireEvent.change(screen.getByLabelText("Who"), { target: { value: "anna" } });
    fireEvent.change(screen.getByLabelText("Outcome"), { target: { value: "failed" } });
    fireEvent.submit(screen.getByRole("form", { name: "Narrow the audit" }));
    expect(did).toEqual([{ cluster: "san-a", by: "anna", verb: "", outcome: "failed" }]);
    cleanup();
    show({ filter: { cluster: "san-a", by: "anna", verb: "", outcome: "failed" } });
    expect(screen.getByRole("link", { name: "Export CSV" }).getAttribute("href")).toBe(
      "/api/v1/audit/export?cluster=san-a&by=anna&outcome=failed&format=csv",
    );
  });

  test("of all clusters says on which, and lets one be chosen", () => {
    show({ slug: null });
    expect(screen.getByRole("link", { name: "san-a" })).toBeDefined();
    expect(screen.getByLabelText("Cluster")).toBeDefined();
  });

  test("has who removed a cluster, and leads to no cluster that is gone", () => {
    const removal = { verb: "cluster.remove", args: { cluster: "lab", title: "Lab" } };
    const end = { verb: "agent.endTrust", args: { agent: "a1", node: "jade" } };
    const rows = [
      auditRow("r2", { cluster: "", ask: removal, title: "Remove the cluster Lab (lab)" }),
      auditRow("r1", { cluster: "lab", ask: end, title: "End the trust in jade's agent" }),
    ];
    show({ slug: null, rows });
    expect(text(screen.getByRole("row", { name: /Remove the cluster Lab \(lab\)/ }))).toContain("on the console");
    expect(text(screen.getByRole("row", { name: /End the trust in jade's agent/ }))).toContain("on lab, which was removed");
    expect(screen.queryByRole("link", { name: "lab" })).toBeNull();
  });

  test("has older ones while the console has", () => {
    const onMore = vi.fn();
    show({ more: { isAsking: false, onMore } });
    fireEvent.click(screen.getByRole("button", { name: "Older ones" }));
    expect(onMore).toHaveBeenCalledOnce();
  });
});

test("a filter is the same after the address", () => {
  const filter = { cluster: "san-a", by: "anna", verb: "node.standby", outcome: "done" };
  expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
});

describe("the chain", () => {
  const verdict = { isWhole: true, entries: 12, head: { seq: 12, hash: "b".repeat(64) }, faults: [], agents: [] };
  test("is checked by an admin only", () => {
    show();
    expect(screen.queryByRole("button", { name: "Check the chain" })).toBeNull();
    cleanup();
    show({ userRole: "admin" });
    expect(screen.getByRole("button", { name: "Check the chain" })).toBeDefined();
  });

  test("that could not be checked is not whole", async () => {
    show({ userRole: "admin" });
    fireEvent.click(screen.getByRole("button", { name: "Check the chain" }));
    expect((await screen.findByRole("alert")).textContent).toContain("gave no reason");
    expect(screen.queryByText("The chain is whole.")).toBeNull();
  });

  test("says its faults, and what each agent says; one that cannot tell does not agree", () => {
    const agents = [
      { node: "ruby", cluster: "san-a", says: "it was shown head 12 with this hash", agrees: true },
      { node: "crystal", cluster: "san-a", says: "it did not answer", agrees: null },
    ];
    render(<ChainVerdict verdict={{ ...verdict, agents }} />);
    expect(screen.getByText("The chain is whole.")).toBeDefined();
    const agreeing = within(screen.getByRole("list", { name: "Agents that agree", hidden: true }));
    expect(text(agreeing.getByRole("listitem", { hidden: true }))).toContain("ruby of san-a: it was shown head 12");
    const others = within(screen.getByRole("list", { name: "Agents that do not agree" })).getByRole("listitem");
    expect(text(others)).toContain("crystal of san-a");
    expect(others.querySelector(".i-unknown")).not.toBeNull();
    cleanup();
    render(<ChainVerdict verdict={{ ...verdict, isWhole: false, faults: ["Entry 7 does not hold the hash of entry 6."] }} />);
    expect(screen.getByText("The chain is broken.")).toBeDefined();
    expect(screen.getByText(/Entry 7/)).toBeDefined();
    expect(screen.getByText(/No agent could be asked/)).toBeDefined();
  });
});
