// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Offer } from "@/agent/protocol/console/commands";
import type { Entity } from "@/agent/protocol/console/view";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, NOW_MS, node, resource, said, source } from "@/components/factories";
import { liveFixture, SLUG } from "@/components/with-live";
import { ActingWith, type Wanted } from "./acting";
import { dragging } from "./drag-store";
import { moveOffer } from "./factories";

// What checks answers is loaded with the first one: a slow machine is slow, not red.
configure({ asyncUtilTimeout: 30_000 });

let offers: readonly Offer[] = [];
beforeEach(() => {
  offers = [moveOffer()];
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ atMs: NOW_MS, offers })));
});
afterEach(() => {
  act(() => dragging.end());
  cleanup();
  vi.unstubAllGlobals();
});

const ENTITIES = [
  cluster(),
  ...["amber", "crystal", "ruby"].flatMap((name) => [node(name), source(name, "pacemaker")]),
  resource("g_mail"),
];

function show(userRole: UserRole = "operator", more: readonly Entity[] = []) {
  const live = liveFixture([...ENTITIES, ...more]);
  const opened: Wanted[] = [];
  const acting = { user: "anna", userRole, slug: SLUG, open: (wanted: Wanted) => opened.push(wanted) };
  render(
    live.wrap(
      <ActingWith acting={acting}>
        <ClusterView picture={live.picture} mayEnrol={false} />
      </ActingWith>,
    ),
  );
  return opened;
}
const name = () => screen.getByRole("heading", { name: "g_mail" });
const carried = { dataTransfer: { setData: () => undefined, effectAllowed: "all", dropEffect: "none" } };
const zone = (at: string) => document.querySelector(`[data-drop][data-node="${at}"]`);

/** The target at this node, once it says so; none is a failure. */
async function zoneThatSays(at: string, says: string): Promise<Element> {
  await waitFor(() => expect(zone(at)?.getAttribute("data-drop")).toBe(says));
  const found = zone(at);
  if (!found) throw new Error(`no target at ${at}`);
  return found;
}

describe("a service taken by its name", () => {
  test("shows at every other node what a drop would do, and why not", async () => {
    show();
    fireEvent.dragStart(name(), carried);
    expect((await zoneThatSays("crystal", "yes")).textContent).toContain("Move g_mail to crystal…");
    expect((await zoneThatSays("amber", "no")).textContent).toContain("amber is in standby.");
    expect(zone("ruby"), "no target where it is").toBeNull();
  });

  test("dropped opens the dialog with the node filled in, also where it is refused", async () => {
    const opened = show();
    fireEvent.dragStart(name(), carried);
    fireEvent.drop(await zoneThatSays("crystal", "yes"), carried);
    expect(opened).toEqual([expect.objectContaining({ what: "offer", title: "Move g_mail to crystal", filled: { to: "crystal" } })]);
    expect(zone("crystal"), "the targets go with the drop").toBeNull();
    fireEvent.dragStart(name(), carried);
    fireEvent.drop(await zoneThatSays("amber", "no"), carried);
    expect(opened[1]).toEqual(expect.objectContaining({ title: "Move g_mail to amber", filled: { to: "amber" } }));
  });

  test("that nothing moves by hand says so", async () => {
    offers = [];
    show();
    fireEvent.dragStart(name(), carried);
    expect((await zoneThatSays("crystal", "no")).textContent).toContain("Nothing moves g_mail by hand.");
  });

  test("let go elsewhere is put back: nothing is asked", async () => {
    const opened = show();
    fireEvent.dragStart(name(), carried);
    await zoneThatSays("crystal", "yes");
    fireEvent.dragEnd(name(), carried);
    await waitFor(() => expect(zone("crystal")).toBeNull());
    expect(opened).toEqual([]);
  });

  test("a mirror's clone is taken from where it is promoted, and from nowhere else", async () => {
    const places = [
      { node: "ruby", role: "Promoted", said: said("ok", "Promoted") },
      { node: "crystal", role: "Unpromoted", said: said("ok", "Unpromoted") },
    ];
    offers = [moveOffer({ title: "Move ms_mail…", ask: { verb: "resource.move", args: { resource: "ms_mail" } } })];
    const opened = show("operator", [
      resource("ms_mail", { type: "promotable", agent: null, children: ["p_mail"], places }),
      resource("p_mail", { agent: "ocf:linbit:drbd", parents: ["ms_mail"], places }),
    ]);
    const [taken, ...others] = screen.getAllByText("ms_mail").filter((one) => one.hasAttribute("draggable"));
    expect(others).toEqual([]);
    if (!taken) throw new Error("ms_mail cannot be taken");
    fireEvent.dragStart(taken, carried);
    expect(zone("ruby"), "no target where it is promoted").toBeNull();
    fireEvent.drop(await zoneThatSays("crystal", "yes"), carried);
    expect(opened).toEqual([expect.objectContaining({ title: "Move ms_mail to crystal", filled: { to: "crystal" } })]);
  });

  test("cannot be taken by a viewer", () => {
    show("viewer");
    expect(name().getAttribute("draggable")).toBeNull();
  });
});
