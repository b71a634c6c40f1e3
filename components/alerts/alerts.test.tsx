// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, test } from "vitest";
import { AskProvider } from "@/components/ask/AskProvider";
import { ActingWith } from "@/components/commands/acting";
import { finding, NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { AlertsView, type AlertsViewProps } from "./AlertsView";
import { FindingAlert } from "./FindingAlert";
import { alert, receiver, route, sent, silence } from "./factories";
import { matchersFrom, sayMatchers } from "./words";

afterEach(cleanup);

const show = (what: ReactNode) => render(liveFixture([]).wrap(<AskProvider>{what}</AskProvider>));
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const submit = (name: string) => fireEvent.submit(screen.getByRole("form", { name }));
const rowOf = (name: RegExp) => within(screen.getByRole("row", { name }));

function view(part: Partial<AlertsViewProps> = {}) {
  const did: unknown[] = [];
  const note =
    (what: string) =>
    async (...args: unknown[]) =>
      void did.push([what, ...args]);
  show(
    <AlertsView
      userRole="admin"
      alerts={[]}
      silences={{ atMs: NOW_MS, silences: [] }}
      sent={[]}
      receivers={[]}
      routes={[]}
      error={null}
      onAcknowledge={note("acknowledge")}
      onTakeBack={note("takeBack")}
      onSilence={note("silence")}
      onEndSilence={note("endSilence")}
      onReceiver={note("receiver")}
      onRemoveReceiver={note("removeReceiver")}
      onTest={async () => ({ isOk: false, says: "It answered 503: busy", tookMs: 40 })}
      onRoute={note("route")}
      onRemoveRoute={note("removeRoute")}
      {...part}
    />,
  );
  return did;
}

describe("alerts", () => {
  test("not asked yet is never none, and none says what it does not know", () => {
    view({ alerts: null });
    expect(screen.queryByText("No alert")).toBeNull();
    cleanup();
    view();
    expect(screen.getByText(/What is not read cannot be found/)).toBeDefined();
  });

  test("say who is at it, whom they were told to, and why nobody is told", () => {
    view({
      alerts: [
        alert("crystal is gone", {
          told: [{ receiver: "chat", atMs: NOW_MS - 60_000 }],
          acknowledged: { by: "otto", atMs: NOW_MS, note: "on my way" },
        }),
        alert("ruby is slow", {
          severity: "warning",
          held: { by: "maintenance", says: "maintenance of ruby, held by anna: disks", untilMs: NOW_MS },
        }),
      ],
    });
    expect(screen.getByRole("row", { name: /crystal is gone/ }).textContent).toMatch(/critical.*chat.*acknowledged by otto.*on my way/);
    expect(screen.getByRole("row", { name: /ruby is slow/ }).textContent).toMatch(/nobody.*not told in maintenance.*held by anna: disks/);
  });

  test("do not pass for told where the receiver has not taken it", () => {
    const told = [
      { receiver: "chat", atMs: NOW_MS, reach: "waits" as const },
      { receiver: "mail", atMs: NOW_MS },
    ];
    view({ alerts: [alert("crystal is gone", { told })] });
    expect(screen.getByRole("row", { name: /crystal is gone/ }).textContent).toMatch(/chat not taken yet.*mail (?!not)/);
  });

  test("are acknowledged with a note, and silenced with an end and a reason", async () => {
    const did = view({ alerts: [alert("crystal is gone")] });
    press("Acknowledge crystal is gone…");
    type("Note (may be left empty)", "on my way");
    submit('Acknowledge "crystal is gone"');
    await waitFor(() => expect(did).toEqual([["acknowledge", "id-crystal is gone", "on my way"]]));
    press("Silence crystal is gone…");
    type("Until", "240");
    type("Why", "new switch");
    submit('Silence "crystal is gone"');
    await waitFor(() => expect(did[1]).toMatchObject(["silence", { reason: "new switch" }]));
    expect(did[1]).toMatchObject([
      "silence",
      {
        matchers: [
          { label: "cluster", values: ["san-a"] },
          { label: "finding", values: ["node-gone:crystal"] },
        ],
      },
    ]);
  });

  test("stand with what somebody has to look at first, and each says why and what to do", () => {
    const quiet = { acknowledged: { by: "otto", atMs: NOW_MS, note: "" } };
    view({
      alerts: [
        alert("crystal is known", quiet),
        alert("ruby is slow", { severity: "warning", openedAtMs: NOW_MS }),
        alert("store is lost", { why: "Nobody holds it.", todo: "Find a copy." }),
      ],
    });
    const rows = screen.getAllByRole("row").map((row) => row.textContent ?? "");
    expect(rows.slice(1).map((text) => /(store is lost|ruby is slow|crystal is known)/.exec(text)?.[0])).toEqual([
      "store is lost",
      "ruby is slow",
      "crystal is known",
    ]);
    expect(rowOf(/store is lost/).getByText("Find a copy.")).toBeDefined();
  });

  test("that ended without being over are never shown as calm", () => {
    const ended = { endedAtMs: NOW_MS, end: "unwatched" as const, endedBy: "otto switched “A node is gone” off: a test bed." };
    view({ alerts: [alert("crystal is gone", ended)] });
    const line = screen.getByText(/switched “A node is gone” off/).textContent;
    expect(line).toMatch(/^no longer looked for crystal is gone/);
    expect(line).not.toContain("over");
  });

  test("the page says first what stands on it, and who takes nothing", () => {
    view({ alerts: [alert("crystal is gone")], receivers: [receiver("chat", { failingSinceMs: NOW_MS })], routes: [route("chat")] });
    const parts = within(screen.getByRole("navigation", { name: "On this page" }));
    expect(parts.getAllByRole("link").map((link) => link.textContent?.replaceAll("\u00a0", " "))).toEqual([
      "1 alert now",
      "0 silences",
      "1 receiver, 1 taking nothing",
      "1 route",
      "Sent",
    ]);
  });

  test("are only looked at by a viewer, who sees no receivers", () => {
    view({ userRole: "viewer", alerts: [alert("crystal is gone")], silences: { atMs: NOW_MS, silences: [silence("new switch")] } });
    expect(screen.queryAllByRole("button")).toEqual([]);
    expect(screen.queryByRole("heading", { name: "Receivers" })).toBeNull();
    expect(screen.getByText("Receivers and routes are set by an admin.")).toBeDefined();
  });
});

describe("receivers", () => {
  test("that take nothing say since when, why, what waits and what was given up", () => {
    const failing = { failingSinceMs: NOW_MS - 600_000, says: "It answered 503", waiting: 2, nextTryAtMs: NOW_MS + 60_000, givenUp: 1 };
    view({ receivers: [receiver("chat", failing)] });
    expect(screen.getByRole("row", { name: /chat/ }).textContent).toMatch(
      /takes nothing.*It answered 503.*2\smessages waiting.*1\smessage given up/,
    );
  });

  test("are added as a webhook with a key", async () => {
    const did = view();
    press("Add a receiver…");
    type("Name", "chat");
    type("Address", "https://chat.example/hook");
    type("Key of the signature (may be left empty)", "long enough");
    submit("Add a receiver");
    const settings = { kind: "webhook", url: "https://chat.example/hook" };
    await waitFor(() => expect(did).toEqual([["receiver", undefined, { name: "chat", settings, secret: "long enough" }]]));
  });

  test("are added as mail to several", async () => {
    const did = view();
    press("Add a receiver…");
    type("Name", "on call");
    type("Kind", "mail");
    type("Mail server", "mail.example");
    type("From", "qd@example.org");
    type("To, of several with commas between", "noc@example.org, otto@example.org");
    submit("Add a receiver");
    const settings = { kind: "mail", host: "mail.example", port: 587, security: "starttls", user: null, from: "qd@example.org" };
    await waitFor(() =>
      expect(did).toMatchObject([
        ["receiver", undefined, { settings: { ...settings, to: ["noc@example.org", "otto@example.org"] }, secret: null }],
      ]),
    );
  });

  test("keep their secret unless it is said anew, and it is not in the form", async () => {
    const did = view({ receivers: [receiver("chat")] });
    press("Change chat…");
    expect(screen.queryByLabelText(/^New key/)).toBeNull();
    type("Name", "chats");
    submit("Change chat");
    await waitFor(() => expect(did).toHaveLength(1));
    expect(did[0]).toEqual(["receiver", "id-chat", { name: "chats", settings: { kind: "webhook", url: "https://chat.example/hook" } }]);
  });

  test("are tried with a real message, and their answer stands beside the button", async () => {
    view({ receivers: [receiver("chat")] });
    press("Send a test to chat");
    await waitFor(() => expect(rowOf(/chat/).getByRole("status").textContent).toContain("It answered 503: busy"));
  });
});

test("while there is no route the page says first that nobody is told, and what is missing", () => {
  view();
  expect(screen.getByText("Nobody is told of any alert.").closest("p")?.textContent).toContain("Add a receiver, then a route");
  cleanup();
  view({ receivers: [receiver("chat")] });
  expect(screen.getByText("Nobody is told of any alert.").closest("p")?.textContent).toContain("Add a route");
  cleanup();
  view({ userRole: "viewer", receivers: null, routes: null });
  expect(screen.queryByText("Nobody is told of any alert."), "who may not see the routes is told nothing of them").toBeNull();
});

describe("routes", () => {
  test("need a receiver first", () => {
    view();
    expect(screen.getByRole("button", { name: "Add a route…" }).getAttribute("disabled")).not.toBeNull();
    expect(screen.getByText(/Add a receiver first/)).toBeDefined();
  });

  test("are added with matchers, a wait and a pace", async () => {
    const did = view({ receivers: [receiver("chat")] });
    press("Add a route…");
    press("Add a word");
    type("Word 1", "severity");
    type("Severity, of several any", "critical");
    type("Told", "60");
    type("Told again, while nobody acknowledges it", "4");
    submit("Add a route");
    const matchers = [{ label: "severity", isNot: false, values: ["critical"] }];
    const wanted = { receiver: "id-chat", matchers, waitSeconds: 60, repeatHours: 4, sendsResolved: true, isOn: true };
    await waitFor(() => expect(did).toEqual([["route", undefined, wanted]]));
  });

  test("say what they lead where, in words", () => {
    view({
      receivers: [receiver("chat")],
      routes: [route("chat", { matchers: [{ label: "cluster", isNot: true, values: ["test", "old"] }], repeatHours: 4 })],
    });
    expect(screen.getByRole("row", { name: /cluster is not test or old/ }).textContent).toMatch(/15\ss.*every 4\sh.*on/);
  });
});

test("what was sent shows every attempt", () => {
  const no = { atMs: NOW_MS - 50_000, isOk: false, says: "It answered 503", tookMs: 9 };
  view({ sent: [sent("m1"), sent("m2", { state: "waiting", endedAtMs: null, nextTryAtMs: NOW_MS + 9_000, attempts: [no], tried: 1 })] });
  expect(screen.getByRole("row", { name: /sent/ })).toBeDefined();
  expect(screen.getByText(/It answered 503/)).toBeDefined();
  expect(screen.getByText("tried in vain")).toBeDefined();
});

test("a silence of nothing in particular is refused, and its words are read as they are typed", () => {
  expect(
    matchersFrom([
      { label: "node", isNot: false, text: " ruby , crystal,, " },
      { label: "rule", isNot: true, text: "" },
    ]),
  ).toEqual([{ label: "node", isNot: false, values: ["ruby", "crystal"] }]);
  expect(sayMatchers([])).toBe("every alert");
});

describe("at a finding", () => {
  const told = finding("crystal is gone", { alert: { id: "a1", acknowledged: { by: "otto", atMs: NOW_MS, note: "" }, held: null } });
  const at = (userRole: "viewer" | "operator", what = told) =>
    render(
      liveFixture([]).wrap(
        <ActingWith acting={{ user: "vera", userRole, slug: "san-a", open: () => undefined }}>
          <FindingAlert id="node-gone:crystal" finding={what} />
        </ActingWith>,
      ),
    );

  test("stands who is at it; an operator can silence it", () => {
    at("operator");
    expect(screen.getByText(/otto is at it/)).toBeDefined();
    expect(screen.queryByRole("button", { name: /^Acknowledge/ })).toBeNull();
    expect(screen.getByRole("button", { name: "Silence crystal is gone…" })).toBeDefined();
  });

  test("a viewer only reads it, and one that nobody is told of has nothing to say", () => {
    at("viewer");
    expect(screen.queryAllByRole("button")).toEqual([]);
    cleanup();
    at("operator", finding("ruby is in standby"));
    expect(screen.queryAllByRole("button")).toEqual([]);
  });
});
