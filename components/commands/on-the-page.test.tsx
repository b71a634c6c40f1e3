// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, configure, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Offer } from "@/agent/protocol/console/commands";
import type { Entity } from "@/agent/protocol/console/view";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, constraint, guardFinding, maintenance, NOW_MS, node, resource, run, safety, said, source } from "@/components/factories";
import { NodeView } from "@/components/node/NodeView";
import { liveFixture, SLUG } from "@/components/with-live";
import { ActingWith, type Wanted } from "./acting";
import { moveOffer, offer } from "./factories";
import { RunStrips } from "./RunStrip";

// What checks answers is loaded with the first one: a slow machine is slow, not red.
configure({ asyncUtilTimeout: 30_000 });

let offers: readonly Offer[] | null = [];
const asked: string[] = [];
beforeEach(() => {
  sessionStorage.clear();
  asked.length = 0;
  offers = [offer(), moveOffer({ refusal: "anna is bringing crystal back." })];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(decodeURIComponent(path));
    if (offers === null) return new Response(JSON.stringify({ error: { code: "X", message: "The console is busy." } }), { status: 500 });
    return new Response(JSON.stringify({ atMs: NOW_MS, offers }));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const text = (of: HTMLElement = document.body) => (of.textContent ?? "").replaceAll("\u00a0", " ").replaceAll(/ +/g, " ");

function show(entities: readonly Entity[], userRole: UserRole | null = "operator") {
  const live = liveFixture([cluster(), ...entities]);
  const opened: Wanted[] = [];
  const acting = userRole === null ? null : { user: "anna", userRole, slug: SLUG, open: (wanted: Wanted) => opened.push(wanted) };
  render(
    live.wrap(
      <ActingWith acting={acting}>
        <RunStrips />
        <ClusterView picture={live.picture} mayEnrol={false} />
      </ActingWith>,
    ),
  );
  return { live, opened };
}
const both = [node("crystal"), node("ruby"), source("crystal", "pacemaker"), source("ruby", "pacemaker")];
const menuOf = async (name: string) => {
  fireEvent.click(screen.getByRole("button", { name: `Actions on ${name}` }));
  return screen.findByRole("menu", { name: `Actions on ${name}` });
};

describe("what can be done", () => {
  test("is a press away at each node, service and left-over constraint, and at the whole cluster", () => {
    show([...both, resource("g_mail"), constraint("cli-ban-g_mail")]);
    for (const name of ["ruby", "crystal", "g_mail", "cli-ban-g_mail"])
      expect(screen.getByRole("button", { name: `Actions on ${name}` })).toBeDefined();
    expect(screen.getByRole("button", { name: /the whole cluster/ })).toBeDefined();
    expect(asked, "nothing is asked before one is opened").toEqual([]);
  });

  test("is nothing where nothing may be done: a recording, a wall", () => {
    show([...both, resource("g_mail")], null);
    expect(screen.queryByRole("button", { name: /^Actions/ })).toBeNull();
  });

  test("is asked for by the thing's key; a refused one stays with its reason and opens nothing", async () => {
    const { opened } = show([...both, resource("g_mail")]);
    const menu = await menuOf("g_mail");
    const refused = await within(menu).findByRole("menuitem", { name: /Move g_mail.*anna is bringing crystal back/ });
    expect(asked).toEqual([`/api/v1/clusters/${SLUG}/offers?about=rsc:g_mail`]);
    expect(refused.getAttribute("aria-disabled")).toBe("true");
    fireEvent.click(refused);
    expect(opened).toEqual([]);
    fireEvent.click(within(menu).getByRole("menuitem", { name: /Standby/ }));
    expect(opened).toEqual([expect.objectContaining({ what: "offer", title: "Standby ruby" })]);
    expect(screen.queryByRole("menu")).toBeNull();
  });

  test("is walked with the arrow keys; Escape closes and gives the focus back", async () => {
    show([...both, resource("g_mail")]);
    const menu = await menuOf("ruby");
    const [first, second] = await within(menu).findAllByRole("menuitem");
    expect(document.activeElement).toBe(first);
    fireEvent.keyDown(menu, { key: "ArrowDown" });
    expect(document.activeElement, "a refused one can be read too").toBe(second);
    fireEvent.keyDown(menu, { key: "ArrowDown" });
    expect(document.activeElement).toBe(first);
    fireEvent.keyDown(menu, { key: "Escape" });
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Actions on ruby" }));
  });

  test("shows a viewer all of it, and lets nothing start", async () => {
    const { opened } = show([...both, resource("g_mail")], "viewer");
    const menu = await menuOf("ruby");
    for (const item of await within(menu).findAllByRole("menuitem")) {
      expect(text(item)).toContain("Needs the role operator; yours is viewer.");
      fireEvent.click(item);
    }
    expect(opened).toEqual([]);
  });

  test("that the console does not tell is not nothing", async () => {
    offers = null;
    show(both);
    expect((await within(await menuOf("ruby")).findByRole("alert")).textContent).toContain("The console is busy.");
    cleanup();
    offers = [];
    show(both);
    expect(await within(await menuOf("ruby")).findByText("Nothing is offered here.")).toBeDefined();
  });
});

describe("a command under way", () => {
  test("is on the page with whose it is, where it is and since when; its end stays until it is dismissed", () => {
    const { live, opened } = show([...both, run("r1")]);
    const strip = within(screen.getByRole("article", { name: "Command: Standby ruby" }));
    expect(strip.getByRole("status").textContent).toContain("g_mail stops on ruby");
    expect(text()).toContain("anna, for 12 s");
    expect(text()).toContain("1 phase done");
    expect(strip.queryByRole("button", { name: /Dismiss/ })).toBeNull();
    fireEvent.click(strip.getByRole("button", { name: "Show Standby ruby" }));
    expect(opened).toEqual([{ what: "run", slug: SLUG, title: "Standby ruby", run: "r1" }]);
    const ended = run("r1", { outcome: "failed", endedAtMs: NOW_MS, says: "crm_standby refused." });
    act(() => {
      live.store.take({ type: "patch", number: 8, atMs: NOW_MS, changes: { [SLUG]: { set: { "run:r1": ended }, remove: [] } } });
    });
    expect(strip.getByRole("status").textContent).toBe("failed: crm_standby refused.");
    fireEvent.click(strip.getByRole("button", { name: "Dismiss Standby ruby" }));
    expect(screen.queryByRole("article", { name: "Command: Standby ruby" })).toBeNull();
  });

  test("is seen by a viewer too", () => {
    show([...both, run("r1")], "viewer");
    expect(screen.getByRole("article", { name: "Command: Standby ruby" })).toBeDefined();
  });
});

describe("maintenance", () => {
  test("says whose, why and until when; over its end it says by how long", () => {
    show([...both, maintenance("ruby")]);
    expect(text()).toContain("Maintenance of ruby. anna: “new memory”, until 15:02:45, another 1 h 00 min.");
    cleanup();
    const declared = { owner: "anna", note: "new memory", startedAtMs: NOW_MS - 7_200_000, endsAtMs: NOW_MS - 240_000 };
    show([...both, maintenance(null, { declared })]);
    expect(text()).toContain("overdue: it was to end at 13:58:45, 4 min 00 s ago.");
  });

  test("that nobody declared says so", () => {
    const why = "It was switched on elsewhere: nobody said here why, or until when.";
    show([...both, maintenance(null, { declared: null, said: { level: "held", word: "maintenance", why } })]);
    expect(text().split("switched on elsewhere")).toHaveLength(2);
  });

  test("that is not read any more is only as last heard", () => {
    const why = "No node's Pacemaker can be read now: whether it still is, is not known.";
    show([...both, maintenance("ruby", { said: { level: "old", word: "was in maintenance", why } })]);
    expect(text()).toContain("Maintenance of ruby, as last heard.");
    expect(text()).toContain("whether it still is, is not known");
    expect(text()).not.toContain("leaves the resources on ruby alone");
  });
});

describe("may this node be taken down", () => {
  const no = safety("ruby", {
    answer: "no",
    says: "No. ruby holds the only good copy of store.",
    reasons: [guardFinding("last-copy", { level: "block", message: "crystal is 61 % synced. Wait 14 min." })],
  });

  test("is a word at its head, the reasons one press away", () => {
    show([...both, no, safety("crystal")]);
    expect(text()).toContain("Take it down now? No. ruby holds the only good copy of store.");
    expect(text()).toContain("Take it down now? Yes. g_mail moves to crystal.");
    expect(screen.getByText(/^1.reason$/).tagName).toBe("SUMMARY");
  });

  test("on its own page is the whole answer, with what would change it", () => {
    const live = liveFixture([cluster(), node("ruby"), no]);
    render(live.wrap(<NodeView picture={live.picture} node={node("ruby")} kernel={undefined} />));
    const section = within(screen.getByRole("region", { name: "Is it safe to take ruby down now?" }));
    expect(section.getByText("No.")).toBeDefined();
    expect(section.getByText("Wait 14 min.")).toBeDefined();
  });

  test("is not said where the console has no answer", () => {
    show(both);
    expect(text()).not.toContain("Take it down");
  });

  test("not known is shown as not known", () => {
    show([...both, safety("ruby", { answer: "unknown", says: "Cannot tell. ruby is silent." })]);
    const said_ = screen.getByText("Cannot tell.").parentElement;
    expect(said_?.querySelector(".i-unknown")).not.toBeNull();
    expect(said_?.querySelector(".i-ok")).toBeNull();
  });
});

test("what Pacemaker does with a service just now, and that it may not touch it, is said at it", () => {
  const places = [{ node: "ruby", role: "Started", said: said("ok", "started") }];
  show([...both, resource("g_mail", { places, pending: "Stopping", isManaged: false })]);
  expect(screen.getByText(/Stopping/)).toBeDefined();
  expect(screen.getByText(/not managed by Pacemaker/)).toBeDefined();
});
