// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AskProvider } from "@/components/ask/AskProvider";
import { cluster, NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { CalendarView } from "./CalendarView";
import { differing, schedule, verifySummary } from "./factories";
import { SchedulesView, type SchedulesViewProps } from "./SchedulesView";

configure({ asyncUtilTimeout: 30_000 });

const text = (of: HTMLElement = document.body) => (of.textContent ?? "").replaceAll("\u00a0", " ");
const asked: unknown[] = [];
const refuse = { windows: false };

beforeEach(() => {
  asked.length = 0;
  refuse.windows = false;
  vi.stubGlobal("fetch", async (path: string, { body }: RequestInit) => {
    if (path.endsWith("/warnings"))
      return new Response(
        JSON.stringify({ warnings: [{ guard: "node-is-free", number: "1.7", says: "Another verify runs on this node." }] }),
      );
    asked.push(JSON.parse(String(body)));
    if (refuse.windows)
      return new Response(JSON.stringify({ error: { code: "API_BODY", message: "There is no time zone Europe/Berln." } }), { status: 400 });
    const opensAtMs = Date.UTC(2026, 10, 22, 1);
    const windows = [0, 7, 14].map((days) => ({
      opensAtMs: opensAtMs + days * 86_400_000,
      closesAtMs: opensAtMs + days * 86_400_000 + 14_400_000,
    }));
    return new Response(
      JSON.stringify({ atMs: NOW_MS, says: "Sundays 02:00 to 06:00, Europe/Berlin", windows, notes: ["The clock changes on 28 Mar."] }),
    );
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(part: Partial<SchedulesViewProps> = {}) {
  const did: unknown[] = [];
  render(
    liveFixture([cluster()]).wrap(
      <AskProvider>
        <SchedulesView
          me="anna"
          userRole="operator"
          clusters={[{ slug: "san-a", title: "san-a", mirrors: ["store/0", "mail/0"] }]}
          schedules={[schedule()]}
          error={null}
          onAdd={async (wanted) => did.push(wanted)}
          onChange={async (id, wanted) => did.push([id, wanted])}
          onRemove={async (id) => did.push(id)}
          {...part}
        />
      </AskProvider>,
    ),
  );
  return did;
}

describe("the schedules", () => {
  test("say for what, when, in whose name, and what became of the last window", () => {
    show();
    const row = text(screen.getByRole("row", { name: /san-a/ }));
    for (const part of [
      "every mirror",
      "Sundays 02:00",
      "Europe/Berlin, open 4 h, stopped at its end",
      "22 Nov 14:02",
      "store and mail were clean.",
      "anna",
    ])
      expect(row).toContain(part);
  });

  test("none yet, not answered, paused and never opening are four things", () => {
    show({ schedules: [] });
    expect(screen.getByRole("heading", { name: "No schedule yet" })).toBeDefined();
    cleanup();
    show({ schedules: null });
    expect(screen.getByText("asking the console")).toBeDefined();
    cleanup();
    show({ schedules: [schedule({ isPaused: true, next: null })] });
    expect(screen.getByText("paused")).toBeDefined();
    cleanup();
    show({ schedules: [schedule({ next: null })] });
    expect(screen.getByText(/it never opens/)).toBeDefined();
  });

  test("of somebody else are not to be changed, and say by whom", () => {
    show({ me: "otto" });
    const change = screen.getByRole("button", { name: /^Change the schedule/ });
    expect(change).toHaveProperty("disabled", true);
    expect(text()).toContain("Only anna and admins change it.");
    cleanup();
    show({ me: "vera", userRole: "viewer" });
    expect(screen.getByRole("button", { name: "Add a schedule…" })).toHaveProperty("disabled", true);
  });

  test("are paused and removed after a question", async () => {
    const did = show();
    fireEvent.click(screen.getByRole("button", { name: /^Pause the schedule/ }));
    fireEvent.click(screen.getByRole("button", { name: "Pause it" }));
    await waitFor(() => expect(did).toHaveLength(1));
    expect(did[0]).toEqual(["s1", expect.objectContaining({ isPaused: true, cron: "0 2 * * 0" })]);
  });
});

describe("a schedule's form", () => {
  const open = () => {
    fireEvent.click(screen.getByRole("button", { name: "Add a schedule…" }));
    return within(screen.getByRole("dialog"));
  };
  test("says the next three windows in words before it is saved, by the schedule's own clock", async () => {
    const did = show();
    const dialog = open();
    fireEvent.change(dialog.getByLabelText("Time zone"), { target: { value: "Europe/Berlin" } });
    expect(await dialog.findByText("Sunday 22 Nov 2026 02:00 to 06:00")).toBeDefined();
    expect(dialog.getByText("The clock changes on 28 Mar.")).toBeDefined();
    expect(asked.at(-1)).toEqual({ cron: "0 2 * * 0", zone: "Europe/Berlin", windowMinutes: 240 });
    fireEvent.click(dialog.getByLabelText("mail"));
    fireEvent.click(await dialog.findByLabelText("Another verify runs on this node."));
    fireEvent.click(dialog.getByLabelText("Wednesday"));
    fireEvent.submit(screen.getByRole("form", { name: "Add a schedule" }));
    await waitFor(() => expect(did).toHaveLength(1));
    expect(did[0]).toEqual({
      cluster: "san-a",
      mirrors: ["mail/0"],
      cron: "0 2 * * 0,3",
      zone: "Europe/Berlin",
      windowMinutes: 240,
      isStoppedAtEnd: true,
      accept: ["node-is-free"],
      isPaused: false,
    });
  });

  test("shows a refusal as the console's sentence, before saving", async () => {
    refuse.windows = true;
    show();
    expect(await open().findByText(/There is no time zone Europe\/Berln/)).toBeDefined();
  });

  test("without a day is not saved", async () => {
    const did = show();
    const dialog = open();
    fireEvent.click(dialog.getByLabelText("Sunday"));
    fireEvent.submit(screen.getByRole("form", { name: "Add a schedule" }));
    expect((await dialog.findByRole("alert")).textContent).toContain("Choose at least one day");
    expect(did).toEqual([]);
  });
});

describe("the calendar", () => {
  const calendar = {
    atMs: NOW_MS,
    runs: [
      verifySummary({ id: "a", startedAtMs: Date.UTC(2026, 10, 8, 2) }),
      differing({ id: "b", resource: "mail", startedAtMs: Date.UTC(2026, 10, 11, 2, 30) }),
    ],
    due: [
      {
        schedule: "s1",
        cluster: "san-a",
        mirrors: ["store/0"],
        opensAtMs: Date.UTC(2026, 10, 22, 2),
        closesAtMs: Date.UTC(2026, 10, 22, 6),
      },
    ],
  };
  const showMonth = (onMonth = vi.fn()) => {
    render(
      liveFixture([cluster()]).wrap(
        <CalendarView month={{ year: 2026, month: 11 }} today={20} zone="UTC" calendar={calendar} error={null} onMonth={onMonth} />,
      ),
    );
    return onMonth;
  };
  const day = (name: string) => text(screen.getByText(name, { selector: "b" }).closest("td") ?? document.body);
  test("says on each day what ran, how it ended, and what is due", () => {
    showMonth();
    expect(day("8")).toContain("02:00 store clean");
    expect(day("11")).toContain("02:30 mail differs in 12 KiB");
    expect(day("22")).toContain("02:00 to 06:00 san-a, store");
    expect(screen.getByText("20", { selector: "b" }).closest("td")?.getAttribute("aria-current")).toBe("date");
  });
  test("goes to the months around it", () => {
    const onMonth = showMonth();
    fireEvent.click(screen.getByRole("button", { name: "The month after" }));
    expect(onMonth).toHaveBeenCalledWith({ year: 2026, month: 12 });
  });
});
