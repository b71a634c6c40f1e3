// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { AskProvider } from "@/components/ask/AskProvider";
import { ActingWith } from "@/components/commands/acting";
import { cluster, NOW_MS, node, said } from "@/components/factories";
import { mirror, pair } from "@/components/storage-factories";
import { liveFixture, SLUG } from "@/components/with-live";
import { differing, overview, overviewMirror, runningVerify, verify, verifyDetail, verifyRecord, verifySummary } from "./factories";
import { selectVerifies } from "./live-mirrors";
import { Proof, sayProofs } from "./Proof";
import { RunDetail } from "./RunDetail";
import { VerifyView, type VerifyViewProps } from "./VerifyView";
import { NO_FILTER } from "./verify-filter";

// What checks answers is loaded with the first one: a slow machine is slow, not red.
configure({ asyncUtilTimeout: 30_000 });

const answered = vi.fn();
beforeEach(() => {
  answered.mockReset();
  vi.stubGlobal("fetch", async (path: string) => {
    answered(path);
    return new Response(JSON.stringify(path.startsWith("/api/v1/verifies/") ? verifyDetail() : {}), { status: 200 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const DAY_MS = 86_400_000;
const text = (of: HTMLElement = document.body) => (of.textContent ?? "").replaceAll("\u00a0", " ");
const row = (name: RegExp) => screen.getByRole("row", { name });

function show(part: Partial<VerifyViewProps> = {}, entities: readonly Entity[] = [mirror("store"), mirror("mail")]) {
  const did: unknown[] = [];
  const fixture = liveFixture([cluster(), node("ruby"), node("crystal"), ...entities]);
  const live = [...fixture.store.first.clusters].map(([slug, slice]) => selectVerifies(slug, slice));
  render(
    fixture.wrap(
      <AskProvider>
        <ActingWith acting={{ user: "anna", userRole: "operator", slug: null, open: (wanted) => did.push(wanted) }}>
          <VerifyView
            userRole="operator"
            overview={overview([overviewMirror("store")])}
            error={null}
            live={live}
            filter={NO_FILTER}
            open={null}
            part="mirrors"
            onFilter={(filter) => did.push(filter)}
            onOpen={(id) => did.push(id)}
            onQueue={async (wanted) => did.push(wanted)}
            onUnqueue={async (id) => did.push(id)}
            {...part}
          />
        </ActingWith>
      </AskProvider>,
    ),
  );
  return did;
}

const verifying = mirror("store", {
  pairs: [
    pair("crystal", "ruby", {
      line: "verify",
      said: said("busy", "verify"),
      outOfSyncBytes: 4_096,
      progress: {
        kind: "verify",
        percent: 63.2,
        leftBytes: 221 * 2 ** 30,
        totalBytes: 600 * 2 ** 30,
        rateBytesPerSec: 170 * 2 ** 20,
        etaSeconds: 1_330,
        stalled: false,
      },
    }),
  ],
});

describe("the page", () => {
  test("says first what is not proven", () => {
    const mail = overviewMirror("mail", { last: differing(), cleanAtMs: NOW_MS - 69 * DAY_MS });
    show({ overview: overview([mail, overviewMirror("store")]) });
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("1 mirror differs");
    expect(text()).toContain("policy: each one clean within 30 days");
    expect(text()).toContain("It repairs nothing.");
  });

  test("not answered, refused, no mirror and narrowed to nothing are four things", () => {
    show({ overview: null });
    expect(screen.getByText("asking the console")).toBeDefined();
    cleanup();
    show({ overview: null, error: new Error("The console did not answer.") });
    expect(screen.getByRole("alert").textContent).toContain("did not answer");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("What is proven is not known");
    cleanup();
    show({ overview: overview([]) });
    expect(screen.getByRole("heading", { name: "No mirror is known yet" })).toBeDefined();
    cleanup();
    const did = show({ filter: { ...NO_FILTER, state: "differs" } });
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    expect(did).toEqual([NO_FILTER]);
  });

  test("is narrowed by cluster, state and name, its exports by cluster", () => {
    const did = show();
    fireEvent.change(screen.getByLabelText("Cluster"), { target: { value: SLUG } });
    fireEvent.change(screen.getByLabelText("State"), { target: { value: "overdue" } });
    fireEvent.submit(screen.getByRole("form", { name: "Narrow the mirrors" }));
    expect(did).toEqual([{ cluster: SLUG, state: "overdue", text: "" }]);
    cleanup();
    show({ filter: { cluster: SLUG, state: "clean", text: "store" } });
    expect(screen.getByRole("link", { name: "Export CSV" }).getAttribute("href")).toBe("/api/v1/verify/export?cluster=san-a&format=csv");
  });
});

describe("a mirror's row", () => {
  test("says how old its proof is, how the last run ended, what comes next and why it cannot be verified now", () => {
    const refusal = "store is resyncing (38 %, 22 min left). Verify starts after it.";
    const next = { atMs: NOW_MS + 3_600_000, schedule: "s1", says: "every Sunday" };
    show({ overview: overview([overviewMirror("store", { refusal, next })]) });
    const its = text(row(/^store/));
    for (const part of ["san-a, 400 GiB, 8.4.11", "12 d", "clean", "took 57 min 00 s", "15:02:45", "every Sunday", refusal])
      expect(its).toContain(part);
    expect(screen.getByRole("button", { name: "Why not verify store now…" })).toBeDefined();
  });

  test("never verified, aborted, not known and refused never look clean", () => {
    const last = (result: "aborted" | "unknown" | "refused") => verifySummary({ result, percent: 41 });
    const mirrors = [
      overviewMirror("never", { last: null }),
      ...(["aborted", "unknown", "refused"] as const).map((one) => overviewMirror(one, { last: last(one) })),
    ];
    show({ overview: overview(mirrors) });
    for (const { resource } of mirrors) {
      expect(row(new RegExp(`^${resource}`)).querySelector(".i-ok")).toBeNull();
      expect(text(row(new RegExp(`^${resource}`)))).toContain("never");
    }
    expect(text(row(/^aborted/))).toContain("aborted at 41 %");
  });

  test("what is pushed is newer than what was asked for", () => {
    const late = verify("store", { last: differing(), cleanAtMs: NOW_MS - 40 * DAY_MS });
    show({}, [mirror("store"), late]);
    expect(text(row(/^store/))).toContain("differs in 12 KiB");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("1 mirror differs");
  });

  test("of nodes that are not heard looks old, says since when, and cannot be acted on", () => {
    show({}, [mirror("store", { said: said("old", "in sync") })]);
    expect(row(/^store/).className).toContain("stale");
    expect(text(row(/^store/))).toContain("no word since");
    expect(screen.queryByRole("button", { name: /^Verify store/ })).toBeNull();
  });

  test("opens to the places of the last run beside the ones before", async () => {
    const mail = overviewMirror("mail", { last: differing() });
    const did = show({ overview: overview([mail]) });
    fireEvent.click(screen.getByRole("button", { name: "Details of mail" }));
    expect(did).toEqual(["san-a/mail/0"]);
    cleanup();
    show({ overview: overview([mail]), open: "san-a/mail/0" });
    expect(await screen.findByRole("heading", { name: "2 of 3 places are the same as on 12 Oct" })).toBeDefined();
    expect(screen.getByRole("link", { name: "Steps to repair mail" }).getAttribute("href")).toBe("/c/san-a/drbd/mail#repair");
  });
});

describe("a verify under way", () => {
  test("moves with the nodes' own numbers, in its row as well", () => {
    show({}, [verifying, verify("store", { running: runningVerify({ differsBytes: 4_096 }) })]);
    const run = screen.getByRole("region", { name: "Verify of store" });
    for (const part of ["63.2 %", "22 min 10 s", "379 GiB of 600 GiB", "170 MiB/s", "anna", "4 KiB"]) expect(text(run)).toContain(part);
    expect(within(run).getByRole("progressbar").getAttribute("aria-valuenow")).toBe("63.2");
    expect(within(run).getByRole("button", { name: "Stop the verify of store…" })).toBeDefined();
    expect(text(row(/^store/))).toContain("running, 63 %");
  });

  test("that no node tells of is not shown as moving", () => {
    show({}, [mirror("store"), verify("store", { running: runningVerify() })]);
    const run = screen.getByRole("region", { name: "Verify of store" });
    expect(text(run)).toContain("no node tells its progress now");
    expect(within(run).queryByRole("progressbar")).toBeNull();
    expect(text(run)).toContain("Differs so farnot known");
  });

  test("the queue says what each waits for, and lets one be taken out", async () => {
    const waiting = {
      id: "q1",
      cluster: SLUG,
      resource: "mail",
      volume: 0,
      by: "anna",
      schedule: null,
      askedAtMs: NOW_MS,
      says: "Waits: store is verified on the same link.",
    };
    const did = show({ overview: overview([overviewMirror("store")], { queue: [waiting] }) });
    expect(text(screen.getByRole("region", { name: "Queue" }))).toContain("Waits: store is verified on the same link.");
    fireEvent.click(screen.getByRole("button", { name: "Take out of the queue: mail" }));
    await waitFor(() => expect(did).toEqual(["q1"]));
    cleanup();
    show({ userRole: "viewer", overview: overview([overviewMirror("store")], { queue: [waiting] }) });
    expect(screen.queryByRole("button", { name: "Take out of the queue: mail" })).toBeNull();
  });
});

describe("one run", () => {
  const shown = (part: Parameters<typeof verifyDetail>[0]) => {
    render(liveFixture([cluster()]).wrap(<RunDetail detail={verifyDetail(part)} />));
  };
  test("stands beside earlier ones: differs, same and not reached are three words", () => {
    shown({});
    const table = screen.getByRole("table", { name: "Places that differ" });
    expect(within(table).getAllByText(/differs/)).toHaveLength(6);
    expect(within(table).getAllByText(/not reached/)).toHaveLength(2);
    expect(within(table).getByText("153,512,960")).toBeDefined();
    expect(text()).toContain("to 41 %");
    expect(text()).toContain("8 KiB before, 12 KiB after");
    expect(text()).toContain("not read before, 12 KiB after");
  });
  test("without an earlier one says that a second tells more", () => {
    shown({ comparison: null });
    expect(text()).toContain("There is no earlier run to compare it with.");
    expect(screen.getAllByRole("row")).toHaveLength(4);
  });
  test("that was cut proves nothing beyond the point it reached", () => {
    shown({ record: verifyRecord({ result: "aborted", percent: 41, says: "Aborted at 41 %: stopped by anna.", ranges: [] }) });
    expect(screen.getByRole("heading", { name: /Aborted at 41/ })).toBeDefined();
    expect(text()).toContain("this run proves nothing of it");
  });
});

describe("the age of a proof in a word", () => {
  test("is quiet when well, and has shape and word when not", () => {
    const shown = (of: ReturnType<typeof verify>) => render(liveFixture([cluster()]).wrap(<Proof verify={of} />)).container;
    const well = shown(verify("store"));
    expect(text(well)).toBe("clean 12 d ago");
    expect(well.querySelector(".ic")).toBeNull();
    cleanup();
    const bad = shown(verify("store", { said: said("differs", "differs in 12 KiB"), last: differing() }));
    expect(text(bad)).toBe("differs in 12 KiB 12 d ago");
    expect(bad.querySelector(".i-differs")).not.toBeNull();
  });
  test("of a whole cluster is that of its oldest proof; what was never proven is counted", () => {
    const of = (...all: ReturnType<typeof verify>[]) =>
      sayProofs(
        all.map((one) => [`verify:${one.resource}/0`, one] as const),
        NOW_MS,
      ).replaceAll("\u00a0", " ");
    expect(of(verify("store"), verify("mail"))).toBe(", all verified clean within 12 d");
    expect(of(verify("store"), verify("mail", { cleanAtMs: null }))).toBe(", 1 never verified clean");
    expect(of()).toBe("");
  });
});
