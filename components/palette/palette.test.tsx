// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, configure, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Place } from "@/agent/protocol/console/api";
import { moveOffer, offer } from "@/components/commands/factories";
import { TIMELINE } from "@/components/shell/places";
import { KeysOfConsole } from "./GoTo";
import { HelpSheet } from "./HelpSheet";
import { moveRow } from "./move-row";
import { PaletteView } from "./PaletteView";
import { commandRow, pagesFor, rowOf, subjectsOf, timelineRow } from "./place";

// The dialogs are loaded when they are asked for: a slow machine is slow, not red.
configure({ asyncUtilTimeout: 30_000 });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
beforeEach(() => {
  localStorage.clear();
  // The console, as far as the palette asks it.
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ atMs: 0, places: [] })));
});

const place = (kind: Place["kind"], name: string, part: Partial<Place> = {}): Place => ({
  kind,
  name,
  cluster: "san-a",
  key: `${kind}:${name}`,
  level: "ok",
  says: "in sync",
  ...part,
});
const ROWS = [
  place("cluster", "san-a", { level: "risk", says: "At risk: only ruby holds store" }),
  place("node", "ruby", { says: "online" }),
  place("mirror", "store", { level: "busy", says: "resync 61 %" }),
  place("mirror", "data/1", { key: "mirror:data/1" }),
  place("service", "g_vm", { key: "rsc:g_vm", says: "started on ruby" }),
  place("finding", "Only ruby holds store", { key: "finding:mirrorAlone/store", level: "risk", says: "Until then nothing may happen." }),
].map(rowOf);

function show(part: Partial<Parameters<typeof PaletteView>[0]> = {}) {
  const onOpen = vi.fn();
  render(
    <PaletteView
      rows={[...ROWS, ...pagesFor("admin")]}
      trouble={null}
      around={{ here: "san-a", recent: [] }}
      onOpen={onOpen}
      onHelp={() => undefined}
      {...part}
    />,
  );
  const box = screen.getByRole("combobox", { name: "Go to" });
  return { onOpen, box, type: (value: string) => fireEvent.change(box, { target: { value } }) };
}
const chosen = () => screen.getByRole("option", { selected: true });

describe("the palette", () => {
  test("keeps the focus in its line and names the chosen row by id", () => {
    const { box, type } = show();
    type("store");
    expect(box.getAttribute("aria-activedescendant")).toBe(chosen().id);
    expect(box.getAttribute("aria-controls")).toBe(screen.getByRole("listbox").id);
    expect(chosen().textContent).toContain("resync 61 %");
  });

  test("is walked with the arrow keys, round the ends, and opened with Enter", () => {
    const { box, type, onOpen } = show();
    type("store");
    const first = chosen().id;
    fireEvent.keyDown(box, { key: "ArrowUp" });
    expect(chosen().id).not.toBe(first);
    fireEvent.keyDown(box, { key: "ArrowDown" });
    expect(chosen().id).toBe(first);
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ href: "/c/san-a/drbd/store" }));
  });

  test("opens by a click too", () => {
    const { onOpen } = show();
    fireEvent.click(screen.getByRole("option", { name: /ruby.*online/ }));
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ href: "/c/san-a/n/ruby" }));
  });

  test("puts what it found into groups with names, and counts it", () => {
    const { type } = show();
    type("store");
    expect(within(screen.getByRole("group", { name: "Mirrors" })).getAllByRole("option").length).toBe(1);
    expect(within(screen.getByRole("group", { name: "Findings" })).getAllByRole("option").length).toBe(1);
    expect(screen.getByRole("status").textContent).toBe("3 found, san-a first");
  });

  test("says so when nothing fits, and Enter then does nothing", () => {
    const { box, type, onOpen } = show();
    type("qqq");
    expect(screen.queryByRole("option")).toBeNull();
    expect(screen.getByText(/Nothing here is called that/)).toBeDefined();
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onOpen).not.toHaveBeenCalled();
  });

  test("says that it asks, and why it got no answer; the console's own pages are still there", () => {
    show({ rows: null });
    expect(screen.getByRole("status").textContent).toBe("asking the console");
    cleanup();
    show({ rows: pagesFor("viewer"), trouble: "The console did not answer." });
    expect(screen.getByRole("alert").textContent).toContain("did not answer");
    expect(screen.getByRole("option", { name: /Fleet/ })).toBeDefined();
  });

  test("offers the settings only to who may open them", () => {
    expect(pagesFor("viewer").map(({ href }) => href)).toEqual([
      "/",
      "/verify",
      "/verify?part=calendar",
      "/verify?part=schedules",
      "/audit",
      "/settings/findings",
      "/settings/sessions",
      "/settings/tokens",
      "/settings/alerts",
    ]);
    expect(pagesFor("admin").map(({ href }) => href)).toContain("/settings/nodes");
  });

  test("leads to the timeline of a cluster, node, mirror and service, behind the thing itself", () => {
    const places = [place("node", "ruby"), place("mirror", "data/1"), place("service", "g_vm"), place("finding", "ruby is gone")];
    const timelines = [place("cluster", "SAN A"), ...places].flatMap(timelineRow);
    expect(timelines.map(({ href }) => href)).toEqual([
      "/c/san-a/timeline",
      "/c/san-a/timeline?node=ruby",
      "/c/san-a/timeline?resource=data",
      "/c/san-a/timeline?resource=g_vm",
    ]);
    expect(timelineRow(place("node", "ruby", { isRecorded: true })), "a recording holds one moment").toEqual([]);
    const { type } = show({ rows: [...timelines, ...places.map(rowOf)] });
    type("ruby");
    expect(chosen().textContent).toContain("in sync");
    type("timeline ruby");
    expect(chosen().textContent).toContain("Timeline of ruby");
  });

  test("leads to the page of each thing, or to its spot on its cluster's page", () => {
    expect(ROWS.map(({ href }) => href)).toEqual([
      "/c/san-a",
      "/c/san-a/n/ruby",
      "/c/san-a/drbd/store",
      "/c/san-a/drbd/data",
      "/c/san-a#rsc-g_vm",
      "/c/san-a#finding-mirrorAlone-store",
    ]);
  });
});

describe("commands in the palette", () => {
  const refused = moveOffer({ refusal: "anna is bringing crystal back." });
  test("are found by their words, and open as what they offer", () => {
    const { box, type, onOpen } = show({ rows: [...ROWS, commandRow(offer(), "san-a"), commandRow(refused, "san-a")] });
    type("standby");
    expect(within(screen.getByRole("group", { name: "Commands" })).getByRole("option").textContent).toContain("Standby ruby…");
    fireEvent.keyDown(box, { key: "Enter" });
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ kind: "command", offer: offer() }));
  });

  test("that are refused stay in their place with the reason", () => {
    const { type } = show({ rows: [commandRow(refused, "san-a")] });
    type("move g_mail");
    const row = screen.getByRole("option", { name: /Move g_mail/ });
    expect(row.textContent).toContain("anna is bringing crystal back.");
    expect(row.querySelector(".i-stop")).not.toBeNull();
  });

  test("are asked for of the cluster here, and of what fits the typed words", () => {
    const places = [
      place("node", "ruby"),
      place("service", "g_mail"),
      place("mirror", "store"),
      place("node", "hv01", { cluster: "attic" }),
    ];
    expect(subjectsOf(places, "san-a", [])).toEqual(["cluster", "node:ruby", "service:g_mail", "mirror:store"]);
    expect(subjectsOf(places, "san-a", ["move", "mail"])).toEqual(["cluster", "service:g_mail"]);
  });
});

describe("the keys", () => {
  test("go to the fleet, the cluster of this page, its timeline, the verifies and the settings", () => {
    const onGo = vi.fn();
    render(<KeysOfConsole userRole="admin" here="san-a" onGo={onGo} />);
    for (const key of ["f", "c", "t", "v", "s"]) {
      fireEvent.keyDown(document.body, { key: "g" });
      fireEvent.keyDown(document.body, { key });
    }
    expect(onGo.mock.calls.flat()).toEqual(["/", "/c/san-a", "/c/san-a/timeline", "/verify", "/settings/nodes"]);
  });

  test.each([
    ["a node's page to its timeline", "/c/san-a/n/ruby", "/c/san-a/timeline?node=ruby"],
    ["a mirror's page to its timeline", "/c/san-a/drbd/pg%2Fwal", "/c/san-a/timeline?resource=pg%2Fwal"],
    ["any other page of the cluster to the cluster's", "/c/san-a/audit", "/c/san-a/timeline"],
  ])("g t leads from %s", (_, page, timeline) => {
    expect(TIMELINE.ofPage("san-a", page)).toBe(timeline);
  });

  test("g t leads nowhere from the fleet and from a recording: neither has a timeline", () => {
    const onGo = vi.fn();
    for (const part of [{ here: null }, { here: "san-a", hasTimeline: false }]) {
      render(<KeysOfConsole userRole="admin" onGo={onGo} {...part} />);
      for (const key of ["g", "t"]) fireEvent.keyDown(document.body, { key });
      cleanup();
    }
    expect(onGo).not.toHaveBeenCalled();
  });

  test("of the settings lead to the pages that one may open", () => {
    const onGo = vi.fn();
    render(<KeysOfConsole userRole="viewer" here={null} onGo={onGo} />);
    fireEvent.keyDown(document.body, { key: "g" });
    fireEvent.keyDown(document.body, { key: "s" });
    expect(onGo).toHaveBeenCalledWith("/settings/sessions");
  });

  test("open the sheet that tells them all, from which single keys are switched off", async () => {
    render(<KeysOfConsole userRole="viewer" here={null} onGo={() => undefined} />);
    fireEvent.keyDown(document.body, { key: "?" });
    expect(await screen.findByRole("dialog", { name: "Keys" })).toBeDefined();
    cleanup();
    render(<HelpSheet onClose={() => undefined} />);
    fireEvent.click(screen.getByRole("checkbox", { name: /Keys without Ctrl or ⌘/ }));
    cleanup();
    render(<KeysOfConsole userRole="viewer" here={null} onGo={() => undefined} />);
    fireEvent.keyDown(document.body, { key: "?" });
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("typed while the palette is still on its way are not lost", async () => {
    render(<KeysOfConsole userRole="viewer" here={null} onGo={() => undefined} />);
    fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
    for (const key of ["f", "l"]) fireEvent.keyDown(document.body, { key });
    const line = await screen.findByRole("combobox", { name: "Go to" });
    expect(line instanceof HTMLInputElement && line.value).toBe("fl");
  });

  test("do nothing while a line is typed in", () => {
    const onGo = vi.fn();
    render(
      <>
        <input aria-label="name" />
        <KeysOfConsole userRole="admin" here={null} onGo={onGo} />
      </>,
    );
    const line = screen.getByRole("textbox", { name: "name" });
    fireEvent.keyDown(line, { key: "g" });
    fireEvent.keyDown(line, { key: "f" });
    expect(onGo).not.toHaveBeenCalled();
  });

  test("move between the rows of a page and stop at its ends", () => {
    render(
      <>
        <a href="/a" data-row>
          a
        </a>
        <a href="/b" data-row>
          b
        </a>
      </>,
    );
    const at = () => document.activeElement?.textContent;
    moveRow(document, 1);
    expect(at()).toBe("a");
    moveRow(document, 1);
    moveRow(document, 1);
    expect(at()).toBe("b");
    moveRow(document, -1);
    expect(at()).toBe("a");
  });
});
