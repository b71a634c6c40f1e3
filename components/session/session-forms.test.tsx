// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { askThrough } from "@/components/ask/ask";
import { SetupForm } from "./SetupForm";
import { SignInForm } from "./SignInForm";

afterEach(cleanup);

type Answer = { status: number; body: unknown } | "nobody";
const refusal = (status: number, code: string, message: string): Answer => ({ status, body: { error: { code, message } } });
const session = { status: 200, body: { user: "anna", role: "admin", expiresAtMs: 1_800_000_000_000 } } as const;

/** A console that gives one answer to everything, and keeps what it was asked. */
function consoleThat(answer: Answer) {
  const asked: { path: string; method: string | undefined; body: unknown }[] = [];
  let done = 0;
  const ask = askThrough(async (path, { method, body }) => {
    asked.push({ path, method, body: typeof body === "string" ? JSON.parse(body) : body });
    if (answer === "nobody") throw new TypeError("fetch failed");
    return new Response(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body), { status: answer.status });
  });
  return { asked, ask, onDone: () => (done += 1), isDone: () => done };
}

function type(label: string | RegExp, value: string) {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

describe("signing in", () => {
  function signIn(answer: Answer) {
    const at = consoleThat(answer);
    render(<SignInForm ask={at.ask} onDone={() => void at.onDone()} />);
    type("User", "anna");
    type("Password", "a long password");
    fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
    return at;
  }

  test("sends what was typed, and goes on when the console agrees", async () => {
    const at = signIn(session);
    await waitFor(() => expect(at.isDone()).toBe(1));
    expect(at.asked).toEqual([{ path: "/api/v1/session", method: "POST", body: { user: "anna", password: "a long password" } }]);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test.each<[string, Answer, string]>([
    ["refused", refusal(401, "AUTH_REFUSED", "The user or the password is wrong."), "The user or the password is wrong."],
    [
      "too often",
      refusal(429, "AUTH_TOO_MANY", "Too many attempts failed. Try again in 4 minutes."),
      "Too many attempts failed. Try again in 4 minutes.",
    ],
    ["no reason", { status: 502, body: "<html>Bad gateway</html>" }, "The console answered 502 and gave no reason."],
    ["nobody there", "nobody", "The console did not answer. Is it running, and can this browser reach it?"],
    ["an answer of another version", { status: 200, body: { name: "anna" } }, "The console answered in words this page does not know."],
  ])("%s: the sentence stands in the form, and it can be sent again", async (_, answer, sentence) => {
    const at = signIn(answer);
    expect((await screen.findByRole("alert")).textContent).toContain(sentence);
    expect(at.isDone()).toBe(0);
    expect(screen.getByRole("button", { name: "Sign in" }).hasAttribute("disabled")).toBe(false);
    fireEvent.submit(screen.getByRole("form", { name: "Sign in" }));
    await waitFor(() => expect(at.asked.length).toBe(2));
  });
});

describe("the first admin", () => {
  function setUp(answer: Answer, again = "a long password") {
    const at = consoleThat(answer);
    render(<SetupForm ask={at.ask} onDone={() => void at.onDone()} />);
    type("One-time code", " K7QF-2M9D ");
    type("User", "anna");
    type("Password", "a long password");
    type("Password again", again);
    fireEvent.submit(screen.getByRole("form", { name: "First admin" }));
    return at;
  }

  test("is made with the code as it was meant", async () => {
    const at = setUp(session);
    await waitFor(() => expect(at.isDone()).toBe(1));
    expect(at.asked).toEqual([
      { path: "/api/v1/setup", method: "POST", body: { code: "K7QF-2M9D", user: "anna", password: "a long password" } },
    ]);
  });

  test("two passwords that differ never leave the page", async () => {
    const at = setUp(session, "another password");
    expect((await screen.findByRole("alert")).textContent).toContain("The two passwords are not the same.");
    expect(at.asked).toEqual([]);
  });

  test("a wrong code is refused in the console's own words", async () => {
    const at = setUp(refusal(403, "SETUP_CODE", "This is not the code that the console printed."));
    expect((await screen.findByRole("alert")).textContent).toContain("This is not the code that the console printed.");
    expect(at.isDone()).toBe(0);
  });
});
