// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { cluster, NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { ShortList } from "./AvailabilityShort";
import { AvailabilityView } from "./AvailabilityView";
import { availabilityWindow, incident, serviceAvailability } from "./factories";
import { IncidentView } from "./IncidentView";
import { formatShare, ninesOf } from "./words";

afterEach(cleanup);

const text = (of: HTMLElement) => (of.textContent ?? "").replaceAll("\u00a0", " ");
const show = (what: React.ReactNode) => render(liveFixture([cluster()]).wrap(what));
/** What a list of terms says of one. */
function said(term: string): string {
  const found = screen.getByText(term).closest("div");
  if (!found) throw new Error(`${term} stands in no list`);
  return text(found);
}

describe("a fencing's card", () => {
  test("names who fenced whom and why, each moment with its witness and how far off it may be", () => {
    show(<IncidentView incident={incident()} />);
    const heading = screen.getByRole("heading", { level: 3 });
    expect(text(heading)).toContain("ruby fenced crystal (reboot). The cluster did not hear it any more: crystal was unclean.");
    expect(said("missed by the cluster")).toContain("14:00:45up to 1.5 s earlier, by Pacemaker as ruby sees it");
    expect(said("fencing done")).toContain("up to 1.0 s earlier, by the cluster's fence history");
    expect(said("crystal's agent, last word")).toContain("how much earlier is not known");
    expect(said("Fence")).toContain("3.0 s ± 2.5 s");
    expect(screen.getByText(/PingAck did not arrive in time/)).toBeDefined();
    expect(screen.getByText("The only fencing device: fence (fence_ipmilan).")).toBeDefined();
  });

  test("what was not seen or not measured is said to be so, never made up", () => {
    show(
      <IncidentView
        incident={incident({ detected: null, asked: null, lastLines: [], linesUnread: "There is no kernel log to read on it." })}
      />,
    );
    expect(said("missed by the cluster")).toBe("missed by the clusternot seen");
    expect(said("fencing asked for")).toBe("fencing asked fornot seen");
    expect(said("Client stall")).toBe("Client stallnot measuredno client's paths to its disks are read.");
    expect(screen.getByText("There is no kernel log to read on it.")).toBeDefined();
  });

  test("a service that is still missing leaves the moment open", () => {
    show(
      <IncidentView
        incident={incident({ services: [{ id: "g_mail", isPromotable: false, to: null, at: null }], back: null, endedAtMs: null })}
      />,
    );
    expect(said("services in order again")).toContain("not seen");
    expect(said("crystal back")).toBe("crystal backnot yet");
    expect(screen.getByText("g_mail: not seen in order again")).toBeDefined();
  });

  test("copies that were behind are listed in the kernel's words, with when they were read", () => {
    const copy = {
      mirror: "mail",
      node: "crystal",
      role: "Primary",
      disk: "UpToDate",
      peer: "ruby",
      peerDisk: "Inconsistent",
      connection: "Connected",
      outOfSyncBytes: 4_096,
      readAtMs: NOW_MS - 124_000,
    };
    show(<IncidentView incident={incident({ unsynced: [copy], syncSays: "1 copy not in sync:" })} />);
    const part = within(screen.getByRole("region", { name: "Data of crystal" }));
    expect(text(part.getAllByRole("listitem")[0] ?? document.body)).toContain(
      "mail on crystal: UpToDate, ruby Inconsistent, Connected, 4 KiB out of sync",
    );
  });
});

describe("the card of services that went elsewhere", () => {
  const seen = (secondsAgo: number) => ({ atMs: NOW_MS - secondsAgo * 1_000, withinMs: 1_500, by: "Pacemaker as ruby sees it" });
  const cause = { kind: "command" as const, says: "anna ordered it from this console: Move g_mail to crystal.", at: seen(60) };
  const moved = incident({
    moved: { cause, left: seen(58), stopped: null },
    ...{ attempts: [], reason: null, detected: null, asked: null, done: null, back: null, lastLines: [] },
    says: `g_mail went from ruby to crystal. ${cause.says}`,
    failover: [{ phase: "stop", tookMs: null, withinMs: null, says: "Not measured: g_mail was not seen to be down on ruby." }],
  });

  test("has its own moments and phases, and nothing of a loss that was none", () => {
    show(<IncidentView incident={moved} />);
    expect(text(screen.getByRole("heading", { level: 3 }))).toContain("anna ordered it from this console");
    expect(said("left crystal")).toContain("by Pacemaker as ruby sees it");
    expect(said("stopped on crystal")).toContain("not seen");
    expect(said("Stop")).toContain("g_mail was not seen to be down on ruby.");
    expect(screen.queryByText("Fencing")).toBeNull();
    expect(screen.queryByText(/Last kernel lines/)).toBeNull();
  });
});

test("a fencing from before is marked as read from the cluster's history, with its own time and whose word it is", () => {
  const fromHistory = { atMs: NOW_MS - 5_000, withinMs: 1_500, by: "Pacemaker as ruby sees it" };
  show(<IncidentView incident={incident({ fromHistory, failover: [], services: [], lastLines: [], copies: null })} />);
  expect(said("fencing done")).toContain("by the cluster's fence history");
  expect(said("read from the cluster's history")).toContain("by Pacemaker as ruby sees it");
  expect(screen.getByText(/It was over before this console watched/)).toBeDefined();
  expect(screen.queryByText("Failover")).toBeNull();
});

describe("availability", () => {
  test("planned and unplanned stand apart, and what is not known is said", () => {
    const day = availabilityWindow(24, {
      unplannedMs: 252_000,
      unplannedStops: 1,
      plannedMs: 7_200_000,
      plannedStops: 2,
      unknownMs: 3_600_000,
      withoutUnplanned: 0.9967,
      up: 0.9,
    });
    show(
      <AvailabilityView services={[serviceAvailability({ day, week: availabilityWindow(168, { withoutUnplanned: null, up: null }) })]} />,
    );
    const cells = within(screen.getByRole("row", { name: /g_mail/ }))
      .getAllByRole("cell")
      .map(text);
    expect(cells[1]).toBe("99.6 % 2 ninesunplanned 4 min 12 s in 1 stop · planned 2 h 00 min in 2 stops · not known 1 h 00 min");
    expect(cells[2]).toBe("not known");
    expect(cells[3]).toBe("100 %no unplanned stop seen");
  });

  test("a share of a window that was mostly not seen says of how much it is", () => {
    const day = availabilityWindow(24, { unknownMs: 86_357_000, withoutUnplanned: 1 });
    show(<AvailabilityView services={[serviceAvailability({ day })]} />);
    expect(text(screen.getByRole("row", { name: /g_mail/ }))).toContain("100 % of the 43 s known");
  });

  test("a longer time that holds nothing more says so, and lends its name to no figure", () => {
    const known = (hours: number) => availabilityWindow(hours, { unknownMs: hours * 3_600_000 - 43_000, withoutUnplanned: 1 });
    show(<AvailabilityView services={[serviceAvailability({ day: known(24), week: known(168), month: known(720) })]} />);
    const cells = within(screen.getByRole("row", { name: /g_mail/ }))
      .getAllByRole("cell")
      .map(text);
    expect(cells.slice(2, 4)).toEqual(["nothing older is known", "nothing older is known"]);
    expect(cells[4], "the quarter is known").toContain("100 %");
  });

  test("of many services the short list tells how many it leaves out", () => {
    const { container } = show(<ShortList services={[serviceAvailability()]} count={500} />);
    expect(text(container)).toContain("The 1 least available of 500 services");
    cleanup();
    expect(text(show(<ShortList services={[serviceAvailability()]} count={1} />).container)).not.toContain("least");
  });

  test("a share is never rounded up over a stop", () => {
    expect([1, 0.99999, 0.9995, 0.9967, 0.5, 0].map((share) => formatShare(share).replace("\u00a0", " "))).toEqual([
      "100 %",
      "99.999 %",
      "99.95 %",
      "99.6 %",
      "50.0 %",
      "0.0 %",
    ]);
    expect([1, 0.99999, 0.9995, 0.9, 0.5].map(ninesOf)).toEqual([null, 5, 3, 1, 0]);
  });
});
