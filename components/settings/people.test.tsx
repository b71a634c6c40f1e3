// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, test } from "vitest";
import { AskProvider } from "@/components/ask/AskProvider";
import { AskError } from "@/components/ask/ask";
import { NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { session, token, user } from "./factories";
import { SessionsView, type SessionsViewProps } from "./SessionsView";
import { SettingsFrame } from "./SettingsFrame";
import { TokensView, type TokensViewProps } from "./TokensView";
import { UsersView, type UsersViewProps } from "./UsersView";

afterEach(cleanup);

const show = (what: ReactNode) => render(liveFixture([]).wrap(<AskProvider>{what}</AskProvider>));
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const submit = (name: string) => fireEvent.submit(screen.getByRole("form", { name }));
const rowOf = (name: RegExp) => within(screen.getByRole("row", { name }));

describe("users", () => {
  function users(part: Partial<UsersViewProps> = {}) {
    const did: unknown[] = [];
    const note =
      (what: string) =>
      async (...args: unknown[]) =>
        void did.push([what, ...args]);
    const all = [user("anna", { role: "admin" }), user("otto", { role: "operator" })];
    show(
      <UsersView me="anna" users={all} error={null} onAdd={note("add")} onChange={note("change")} onRemove={note("remove")} {...part} />,
    );
    return did;
  }

  test("the only admin can be made nothing less, and the reason stands there", () => {
    users();
    for (const act of ["Change the role of anna…", "Disable anna…", "Remove anna…"])
      expect(screen.getByRole("button", { name: act }).getAttribute("disabled")).not.toBeNull();
    expect(rowOf(/anna/).getByText(/the only admin who may sign in/)).toBeDefined();
    expect(screen.getByRole("button", { name: "Disable otto…" }).getAttribute("disabled")).toBeNull();
  });

  test("an admin who may not sign in does not count as another one", () => {
    users({ users: [user("anna", { role: "admin" }), user("olga", { role: "admin", disabledAtMs: NOW_MS - 60_000 })] });
    expect(screen.getByRole("button", { name: "Remove anna…" }).getAttribute("disabled")).not.toBeNull();
    expect(rowOf(/olga/).getByText("disabled")).toBeDefined();
    expect(screen.getByRole("row", { name: /olga/ }).textContent).toContain("since 14:01:45");
  });

  test("are added with a role whose meaning is said", async () => {
    const did = users();
    press("Add a user…");
    type("Name", "vera");
    type("Password", "a long password");
    type("Role", "operator");
    expect(screen.getByText(/may act on the clusters/)).toBeDefined();
    submit("Add a user");
    await waitFor(() => expect(did).toEqual([["add", { user: "vera", password: "a long password", role: "operator" }]]));
  });

  test("get another role, another password, are disabled and enabled", async () => {
    const did = users({ users: [user("anna", { role: "admin" }), user("otto"), user("vera", { disabledAtMs: NOW_MS })] });
    press("Change the role of otto…");
    type("Role", "admin");
    submit("Role of otto");
    await waitFor(() => expect(did.at(-1)).toEqual(["change", "id-otto", { role: "admin" }]));
    press("Set a new password for otto…");
    type("Password", "another long one");
    submit("New password for otto");
    await waitFor(() => expect(did.at(-1)).toEqual(["change", "id-otto", { password: "another long one" }]));
    press("Disable otto…");
    submit("Disable otto");
    await waitFor(() => expect(did.at(-1)).toEqual(["change", "id-otto", { disabled: true }]));
    press("Enable vera…");
    submit("Enable vera");
    await waitFor(() => expect(did.at(-1)).toEqual(["change", "id-vera", { disabled: false }]));
  });

  test("are removed only when their name is typed", async () => {
    const did = users();
    press("Remove otto…");
    submit("Remove otto");
    expect(did).toEqual([]);
    type("Type otto to confirm", "otto");
    submit("Remove otto");
    await waitFor(() => expect(did).toEqual([["remove", "id-otto"]]));
  });

  test("that the console refuses to change stay as they are, with its reason in the dialog", async () => {
    users({ onChange: () => Promise.reject(new AskError("USER_LAST_ADMIN", "This is the only admin who may sign in.")) });
    press("Disable otto…");
    submit("Disable otto");
    await waitFor(() => expect(within(screen.getByRole("dialog")).getByRole("alert").textContent).toContain("the only admin"));
  });
});

describe("sessions", () => {
  function sessions(part: Partial<SessionsViewProps> = {}) {
    const did: unknown[] = [];
    const all = [session("anna", { isThis: true, role: "admin" }), session("otto", { address: null, userAgent: null })];
    show(
      <SessionsView
        userRole="admin"
        sessions={all}
        error={null}
        onEnd={async (id) => void did.push(id)}
        onPassword={async (words) => void did.push(words)}
        {...part}
      />,
    );
    return did;
  }

  test("say who, with what, from where, and which one this is", () => {
    sessions();
    const anna = screen.getByRole("row", { name: /anna/ }).textContent;
    for (const text of ["Firefox 128, Linux", "192.0.2.7", "this one", "13:02:45", "15:02:45"]) expect(anna).toContain(text);
    expect(screen.getByRole("row", { name: /otto/ }).textContent).toContain("said nothing");
  });

  test("end after a question", async () => {
    const did = sessions();
    press("End the session of otto from an unknown address…");
    expect(did).toEqual([]);
    submit("End a session of otto");
    await waitFor(() => expect(did).toEqual(["session-otto"]));
  });

  test("one's own password is asked for, and the new one twice", async () => {
    const did = sessions();
    press("Change your password…");
    type("Password as it is now", "the old password");
    type("New password", "a new password");
    type("New password again", "a new passwort");
    submit("Change your password");
    await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("not the same"));
    expect(did).toEqual([]);
    type("New password again", "a new password");
    submit("Change your password");
    await waitFor(() => expect(did).toEqual([{ current: "the old password", password: "a new password" }]));
  });
});

describe("API tokens", () => {
  function tokens(part: Partial<TokensViewProps> = {}) {
    const did: unknown[] = [];
    const note = async (what: unknown) => void did.push(what);
    const owners = [
      { name: "anna", role: "admin" as const },
      { name: "ci", role: "viewer" as const },
    ];
    show(
      <TokensView
        me="anna"
        userRole="admin"
        owners={owners}
        tokens={[token("backup", { lastUsedAtMs: NOW_MS - 60_000 }), token("old", { revokedAtMs: NOW_MS - 60_000 })]}
        error={null}
        made={null}
        onMake={note}
        onRevoke={note}
        {...part}
      />,
    );
    return did;
  }

  test("are made with an owner and no more than the owner's role", async () => {
    const did = tokens();
    press("Make a token…");
    type("What for", "checks");
    type("Owner", "ci");
    const offered = within(screen.getByLabelText("Role")).getAllByRole("option");
    expect(offered.map(({ textContent }) => textContent)).toEqual(["viewer"]);
    type("Lasts", "");
    submit("Make a token");
    await waitFor(() => expect(did).toEqual([{ name: "checks", role: "viewer", days: null, owner: "ci" }]));
  });

  test("are one's own where one may make no others", async () => {
    const did = tokens({ me: "vera", userRole: "viewer", owners: [{ name: "vera", role: "viewer" }] });
    press("Make a token…");
    expect(screen.queryByLabelText("Owner")).toBeNull();
    type("What for", "mine");
    submit("Make a token");
    await waitFor(() => expect(did).toEqual([{ name: "mine", role: "viewer", days: 90 }]));
  });

  test("show their text once, and say so", () => {
    tokens({ made: { id: "t", token: "qdt_secret", expiresAtMs: null } });
    expect(screen.getByText("qdt_secret")).toBeDefined();
    expect(screen.getByText(/does not show it again/)).toBeDefined();
  });

  test("are revoked after a question; revoked ones offer nothing", async () => {
    const did = tokens();
    expect(rowOf(/^old/).queryByRole("button")).toBeNull();
    press("Revoke the token backup of anna…");
    expect(screen.getByRole("dialog").textContent).toContain("last used 14:01:45");
    submit("Revoke the token backup");
    await waitFor(() => expect(did).toEqual(["token-backup"]));
  });

  test("none, not answered yet, and refused are three different things", () => {
    tokens({ tokens: [] });
    expect(screen.getByText("No token yet")).toBeDefined();
    cleanup();
    tokens({ tokens: null });
    expect(screen.getByText("asking the console")).toBeDefined();
    cleanup();
    tokens({ tokens: null, error: new AskError("AUTH_REQUIRED", "Sign in first.") });
    expect(screen.getByRole("alert").textContent).toContain("Sign in first.");
    expect(screen.queryByText("asking the console")).toBeNull();
  });
});

describe("the frame of the settings", () => {
  const frame = (here: "users" | "tokens", role: "viewer" | "admin") =>
    show(
      <SettingsFrame here={here} user="vera" userRole={role}>
        what stands here
      </SettingsFrame>,
    );
  const shown = () => screen.getAllByRole("link").flatMap(({ textContent }) => textContent ?? []);

  test("leads an admin everywhere, and marks where one is", () => {
    frame("users", "admin");
    expect(shown()).toEqual(["Nodes", "Clusters", "Users", "Walls", "Findings", "Sessions", "API tokens", "Alerts"]);
    expect(screen.getByRole("link", { current: "page" }).textContent).toBe("Users");
    expect(screen.getByText("what stands here")).toBeDefined();
  });

  test("tells everybody else whose the other pages are, and on one of them why nothing stands there", () => {
    frame("tokens", "viewer");
    expect(shown()).toEqual(["Findings", "Sessions", "API tokens", "Alerts"]);
    expect(screen.getByText("Nodes, clusters, users and walls are set by an admin.")).toBeDefined();
    cleanup();
    frame("users", "viewer");
    expect(screen.queryByText("what stands here")).toBeNull();
    expect(screen.getByRole("main").textContent).toContain("It needs the role admin; vera is viewer.");
  });
});
