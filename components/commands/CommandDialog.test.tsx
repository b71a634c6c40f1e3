// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, configure, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, guardFinding, NOW_MS, node, run } from "@/components/factories";
import { liveFixture, SLUG } from "@/components/with-live";
import type { Wanted } from "./acting";
import { CommandDialog } from "./CommandDialog";
import { effect, moveOffer, offer, preview } from "./factories";

// What checks answers is loaded with the first one: a slow machine is slow, not red.
configure({ asyncUtilTimeout: 30_000 });

/** What the console was asked, and what it answers next, by "METHOD path". */
let asked: { what: string; body: unknown }[] = [];
let answers: Record<string, () => { status: number; body: unknown }> = {};
const PREVIEW = `POST /api/v1/clusters/${SLUG}/previews`;
const RUN = `POST /api/v1/clusters/${SLUG}/runs`;
const ok = (body: unknown) => () => ({ status: 200, body });

beforeEach(() => {
  asked = [];
  answers = { [PREVIEW]: ok(preview()), [RUN]: () => ({ status: 202, body: { did: "started", run: "r1" } }) };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const what = `${init.method} ${path}`;
    asked.push({ what, body: typeof init.body === "string" ? JSON.parse(init.body) : null });
    const { status, body } = answers[what]?.() ?? { status: 404, body: { error: { code: "NOT_FOUND", message: "There is no such run." } } };
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const standby: Wanted = { what: "offer", slug: SLUG, title: "Standby ruby", offer: offer(), filled: {} };

function show(
  wanted: Wanted = standby,
  userRole: UserRole = "admin",
  entities: readonly Entity[] = [cluster(), node("ruby", { steps: ["standby"] })],
) {
  const live = liveFixture(entities);
  const opened: Wanted[] = [];
  const onClose = vi.fn();
  render(live.wrap(<CommandDialog wanted={wanted} userRole={userRole} onOpen={(next) => opened.push(next)} onClose={onClose} />));
  return { live, opened, onClose };
}
const text = (of: HTMLElement = document.body) => (of.textContent ?? "").replaceAll("\u00a0", " ");
const dialog = () => screen.getByRole("dialog");
const confirmButton = () => screen.getByRole("button", { name: "Standby ruby" });
const sent = (what: string) => asked.filter((one) => one.what === what).map(({ body }) => body);

describe("the preview", () => {
  test("of what no copy of the configuration can play through does not claim to be simulated", async () => {
    const direct = {
      commands: ["drbdadm verify mail/0"],
      change: null,
      isSame: false,
      actions: [],
      operations: [],
      placements: [],
      fenceDevices: null,
    };
    answers[PREVIEW] = ok(preview({ actingNode: "ruby", effects: [], steps: [direct] }));
    show();
    await screen.findByRole("region", { name: "What will happen" });
    expect(text()).toContain("Nothing of this can be simulated. Asked of ruby");
    expect(text()).not.toContain("Simulated on");
  });

  test("says where, what, what becomes of each resource, how long, and the exact lines", async () => {
    show();
    const effects = within(await screen.findByRole("region", { name: "What will happen" }));
    expect(effects.getByText("g_mail stops on ruby and starts on crystal.")).toBeDefined();
    expect(screen.getByText("PROD")).toBeDefined();
    expect(screen.getByRole("row", { name: /g_mail/ }).textContent).toContain("started on crystal");
    expect(screen.getByText("crm_standby --node ruby --update on")).toBeDefined();
    expect(text()).toContain("6.0 s to 12 s");
    expect(text()).toContain("waits until nothing runs on ruby");
    expect(sent(PREVIEW)).toEqual([{ verb: "node.standby", args: { node: "ruby" } }]);
  });

  test("while it is made, says who is asked", () => {
    show();
    expect(screen.getByRole("status").textContent).toContain("Asking for a preview");
    expect(text()).toContain("The agent of ruby applies the change to a copy");
  });

  test("that the console refuses stays as its reason, and can be asked for again", async () => {
    answers[PREVIEW] = () => ({ status: 409, body: { error: { code: "COMMAND_REFUSED", message: "anna is bringing crystal back." } } });
    show();
    expect((await screen.findByRole("alert")).textContent).toBe("Refused. anna is bringing crystal back.");
    answers[PREVIEW] = ok(preview());
    fireEvent.click(screen.getByRole("button", { name: "Preview again" }));
    expect(await screen.findByRole("button", { name: "Standby ruby" })).toBeDefined();
  });

  test("that could not be made is no refusal", async () => {
    answers[PREVIEW] = () => ({ status: 504, body: { error: { code: "AGENT_TIMEOUT", message: "ruby did not answer." } } });
    show();
    expect((await screen.findByRole("alert")).textContent).toBe("There is no preview. ruby did not answer.");
  });

  test("of what is so already has nothing to confirm", async () => {
    answers[PREVIEW] = ok(preview({ isAlreadySo: true, effects: [], actingNode: null }));
    show();
    expect(await screen.findByText(/It is so already/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Standby ruby" })).toBeNull();
  });

  test("shows what every guard says, and opens for nothing while one refuses", async () => {
    const findings = [
      guardFinding("last-copy", { level: "block", message: "ruby holds the only good copy. Wait for the resync." }),
      guardFinding("busy", { level: "warn", message: "hv01 writes." }),
      guardFinding("votes", { level: "inform", message: "ruby keeps its vote." }),
    ];
    answers[PREVIEW] = ok(preview({ findings }));
    show();
    const refused = within(await screen.findByRole("region", { name: "Refused because" }));
    expect(refused.getByText("ruby holds the only good copy.")).toBeDefined();
    expect(refused.getByText("Wait for the resync.")).toBeDefined();
    expect(within(screen.getByRole("region", { name: "Good to know" })).getByText("ruby keeps its vote.")).toBeDefined();
    expect(screen.getByRole("heading", { level: 2 }).textContent?.replaceAll("\u00a0", " ")).toContain("refused, 1 reason");
    expect(confirmButton()).toHaveProperty("disabled", true);
    expect(text()).toContain("Nobody can override that");
  });

  test("that grew too old is not confirmed but made again", async () => {
    const { live } = show();
    await screen.findByRole("button", { name: "Standby ruby" });
    act(() => {
      live.pass(120_000);
      live.store.tick();
    });
    expect(confirmButton()).toHaveProperty("disabled", true);
    expect(text()).toContain("too old to be confirmed");
    fireEvent.click(screen.getByRole("button", { name: "Preview again" }));
    expect(sent(PREVIEW).length).toBe(2);
  });
});

describe("the confirmation", () => {
  test("names each accepted warning, the typed name and the reason", async () => {
    const findings = [
      guardFinding("busy", { message: "hv01 writes." }),
      guardFinding("last-copy", { level: "type", message: "Only copy." }),
    ];
    answers[PREVIEW] = ok(preview({ findings, typedName: "ruby", needsReason: true }));
    show();
    const box = await screen.findByRole("checkbox", { name: /although: hv01 writes/ });
    expect(confirmButton()).toHaveProperty("disabled", true);
    fireEvent.click(box);
    const name = screen.getByLabelText("Type ruby to go on");
    fireEvent.change(name, { target: { value: "ruby" } });
    fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "new kernel" } });
    expect(confirmButton()).toHaveProperty("disabled", false);
    fireEvent.submit(screen.getByRole("form", { name: "Confirm" }));
    fireEvent.keyDown(name, { key: "Enter" });
    expect(sent(RUN), "Enter confirms nothing").toEqual([]);
    fireEvent.click(confirmButton());
    await screen.findByText(/waiting for its first word|There is no such run/);
    expect(sent(RUN)).toEqual([{ preview: "p1", accept: ["busy", "last-copy"], typed: "ruby", reason: "new kernel" }]);
  });

  test("that meets a changed world shows how it differs, and previews anew", async () => {
    answers[RUN] = () => ({
      status: 409,
      body: { did: "refused", message: "The cluster changed.", findings: [], differences: ["g_mail runs on crystal now."] },
    });
    show();
    fireEvent.click(await screen.findByRole("button", { name: "Standby ruby" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Nothing was written.");
    expect(screen.getByText("g_mail runs on crystal now.")).toBeDefined();
    answers[PREVIEW] = ok(preview({ id: "p2", effects: [effect("g_vm")] }));
    fireEvent.click(screen.getByRole("button", { name: "Preview again" }));
    expect(await screen.findByText("g_vm stops on ruby and starts on crystal.")).toBeDefined();
  });

  test("without an answer says so and keeps what was given", async () => {
    answers[RUN] = () => ({ status: 502, body: { error: { code: "X", message: "The console did not answer." } } });
    show();
    fireEvent.change(await screen.findByLabelText(/Reason/), { target: { value: "kernel" } });
    fireEvent.click(confirmButton());
    expect((await screen.findByRole("alert")).textContent).toContain("The console did not answer.");
    expect(screen.getByLabelText(/Reason/)).toHaveProperty("value", "kernel");
  });
});

describe("after the start", () => {
  test("it turns into the run, phase by phase, to its end and its undo", async () => {
    const { live, opened } = show(standby, "operator", [cluster(), run("r1")]);
    fireEvent.click(await screen.findByRole("button", { name: "Standby ruby" }));
    const now = await screen.findByText("g_mail stops on ruby");
    expect(now.closest("li")?.getAttribute("aria-current")).toBe("step");
    const undo = { verb: "node.unstandby", args: { node: "ruby" }, title: "Take ruby back" };
    const ended = run("r1", { outcome: "done", endedAtMs: NOW_MS, says: "ruby is in standby.", undo });
    act(() => {
      live.store.take({ type: "patch", number: 8, atMs: NOW_MS, changes: { [SLUG]: { set: { "run:r1": ended }, remove: [] } } });
    });
    expect(text(dialog())).toContain("done, seen in the cluster. ruby is in standby.");
    fireEvent.click(screen.getByRole("button", { name: "Undo: Take ruby back…" }));
    expect(opened).toEqual([{ what: "ask", slug: SLUG, title: "Take ruby back", ask: { verb: "node.unstandby", args: { node: "ruby" } } }]);
  });

  test("an end that is not good has no tick at its last phase", () => {
    show({ what: "run", slug: SLUG, title: "Standby ruby", run: "r1" }, "viewer", [
      cluster(),
      run("r1", { outcome: "unknown", endedAtMs: NOW_MS, says: "The link to ruby was lost." }),
    ]);
    const last = screen.getAllByRole("listitem").at(-1);
    expect(last?.querySelector(".i-unknown")).not.toBeNull();
    expect(text()).toContain("unknown, the link was lost; it may have happened.");
  });
});

describe("what an offer still needs", () => {
  const move: Wanted = { what: "offer", slug: SLUG, title: "Move g_mail", offer: moveOffer(), filled: {} };

  test("is asked first; a choice that is refused stands there with its reason", async () => {
    show(move);
    expect(screen.getByRole("radio", { name: /amber.*amber is in standby/ })).toHaveProperty("disabled", true);
    expect(sent(PREVIEW)).toEqual([]);
    fireEvent.submit(screen.getByRole("form", { name: "What it still needs" }));
    await screen.findByRole("region", { name: "What will happen" });
    expect(sent(PREVIEW)).toEqual([{ verb: "resource.move", args: { resource: "g_mail", to: "crystal" } }]);
  });

  test("is not asked where a drop has told it", async () => {
    show({ ...move, filled: { to: "crystal" } });
    await screen.findByRole("region", { name: "What will happen" });
    expect(sent(PREVIEW)).toEqual([{ verb: "resource.move", args: { resource: "g_mail", to: "crystal" } }]);
  });

  test("a drop on a node that refuses opens with the reason; all others are a press away", async () => {
    show({ ...move, filled: { to: "amber" } });
    expect(screen.getByRole("alert").textContent).toBe("Refused. amber is in standby.");
    expect(sent(PREVIEW)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "See all that speaks against it" }));
    await screen.findByRole("region", { name: "What will happen" });
  });

  test("a moment in the future is told by its length, from the console's clock", async () => {
    const until = { name: "until", label: "Ends", kind: "until" as const, isRequired: true, choices: [] };
    const note = { name: "note", label: "Note", kind: "text" as const, isRequired: true, choices: [] };
    show({ what: "offer", slug: SLUG, title: "Maintenance", offer: offer({ fields: [until, note] }), filled: {} });
    expect(text()).toContain("At 15:02:45, by the console's clock.");
    fireEvent.change(screen.getByLabelText("Note"), { target: { value: "new memory" } });
    fireEvent.submit(screen.getByRole("form", { name: "What it still needs" }));
    await screen.findByRole("region", { name: "What will happen" });
    expect(sent(PREVIEW)).toEqual([{ verb: "node.standby", args: { node: "ruby", until: NOW_MS + 3_600_000, note: "new memory" } }]);
  });

  test("nothing at all of a viewer: it says whose it is", () => {
    show(standby, "viewer");
    expect(screen.getByRole("alert").textContent).toBe("Refused. Needs the role operator; yours is viewer.");
    expect(asked).toEqual([]);
  });
});
