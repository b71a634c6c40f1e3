// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import { cluster, NOW_MS, node } from "@/components/factories";
import { Age, Lasting } from "@/components/live/Age";
import { liveFixture, SLUG } from "@/components/with-live";
import { ConsoleLost } from "./ConsoleLost";
import { LineStatus } from "./LineStatus";
import { TopBar } from "./TopBar";

afterEach(cleanup);

const text = () => (document.body.textContent ?? "").replaceAll("\u00a0", " ");

describe("a console that is silent", () => {
  test("is told at once and unmistakably, with since when and how long", () => {
    const live = liveFixture([node("ruby")]);
    render(live.wrap(<ConsoleLost />));
    expect(screen.queryByRole("alert")).toBeNull();
    act(() => {
      live.pass(6_400);
      live.store.setLine("lost");
    });
    expect(screen.getByRole("alert").textContent).toContain("No word from the console since 14:02:45");
    expect(text()).toContain("6 s");
  });

  test("is forgotten when it speaks again", () => {
    const live = liveFixture([node("ruby")]);
    render(live.wrap(<ConsoleLost />));
    act(() => live.store.setLine("lost"));
    act(() => live.store.setLine("live"));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("stops every age: only clock times stay", () => {
    const live = liveFixture([node("ruby", { lastWordAtMs: NOW_MS - 300 })]);
    render(
      live.wrap(
        <>
          <Age slug={SLUG} of={keyOf.node("ruby")} /> up <Lasting sinceMs={NOW_MS - 60_000} />
        </>,
      ),
    );
    expect(text()).toBe("0.3 s up 1 min 00 s");
    act(() => {
      live.pass(30_000);
      live.store.setLine("lost");
    });
    expect(text()).toBe("as of 14:02:44 up 1 min 00 s");
  });
});

test("an age goes on between two pulses and follows the next one", () => {
  const live = liveFixture([node("ruby", { lastWordAtMs: NOW_MS - 300 })]);
  render(live.wrap(<Age slug={SLUG} of={keyOf.node("ruby")} />));
  act(() => {
    live.pass(1_000);
    live.store.tick();
  });
  expect(text()).toBe("1.3 s");
  act(() => {
    live.store.take({ type: "pulse", atMs: NOW_MS + 1_100, ages: { [SLUG]: "2" } });
  });
  expect(text()).toBe("0.2 s");
});

test("what was never heard has no age", () => {
  const live = liveFixture([node("ruby", { lastWordAtMs: null, link: "never" })]);
  render(live.wrap(<Age slug={SLUG} of={keyOf.node("ruby")} />));
  expect(text()).toBe("never heard");
});

test("the line's state counts the agents that are heard", () => {
  const live = liveFixture([node("ruby"), node("crystal", { link: "lost" })]);
  render(live.wrap(<LineStatus />));
  expect(text()).toBe("connecting, 1 of 2 agents");
  act(() => live.store.setLine("live"));
  expect(text()).toBe("live, 1 of 2 agents, last word 0.0 s ago");
});

describe("the top bar", () => {
  const crumbs = [
    { name: "san-a", href: "/c/san-a" },
    { name: "ruby", href: "/c/san-a/n/ruby" },
  ];

  test("marks where one is", () => {
    render(liveFixture([]).wrap(<TopBar user="anna" userRole="viewer" crumbs={crumbs} />));
    expect(screen.getByRole("link", { current: "page" }).textContent).toBe("ruby");
    expect(screen.getByRole("link", { name: "san-a" }).getAttribute("href")).toBe("/c/san-a");
  });

  test("leads everybody to the settings they may open", () => {
    const settingsOf = () => screen.getByRole("link", { name: "Settings" }).getAttribute("href");
    render(liveFixture([]).wrap(<TopBar user="vera" userRole="viewer" crumbs={crumbs} />));
    expect(settingsOf()).toBe("/settings/sessions");
    cleanup();
    render(liveFixture([]).wrap(<TopBar user="anna" userRole="admin" crumbs={crumbs} />));
    expect(settingsOf()).toBe("/settings/nodes");
  });

  test("shows a cluster's title with its environment, on the pages below it too", () => {
    render(liveFixture([cluster({ title: "Cellar", environment: "prod" })]).wrap(<TopBar user="anna" userRole="viewer" crumbs={crumbs} />));
    expect(screen.getByRole("link", { name: "Cellar" }).getAttribute("href")).toBe("/c/san-a");
    expect(screen.getByRole("navigation").textContent).toContain("PROD");
  });
});
