// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, test } from "vitest";
import { AskProvider } from "@/components/ask/AskProvider";
import { cluster, NOW_MS, node as nodeOf, source } from "@/components/factories";
import { liveFixture, SLUG } from "@/components/with-live";
import { browserName } from "./browser-name";
import { ClustersView, type ClustersViewProps } from "./ClustersView";
import { agent } from "./factories";
import { NodeSettingsView, type NodeSettingsViewProps } from "./NodeSettingsView";
import { gapsOf } from "./what-next";

afterEach(cleanup);

const show = (what: ReactNode) => render(liveFixture([]).wrap(<AskProvider>{what}</AskProvider>));
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const submit = (name: string) => fireEvent.submit(screen.getByRole("form", { name }));
const rowText = (name: RegExp) => screen.getByRole("row", { name }).textContent ?? "";

describe("clusters", () => {
  const outline = (slug: string, part: Partial<NonNullable<ClustersViewProps["clusters"]>[number]> = {}) => {
    const calm = { level: "ok", headline: "Nothing known is wrong", why: null, sinceMs: null, nodes: [] };
    return { slug, title: slug, environment: null, ...calm, ...part };
  };
  function clusters(part: Partial<ClustersViewProps> = {}) {
    const did: unknown[] = [];
    const note = async (...args: unknown[]) => void did.push(args);
    const all = [outline("san-a", { environment: "prod", title: "Cellar" }), outline("attic")];
    const agents = [agent("ruby"), agent("old", { cluster: "attic", trustEndedAtMs: NOW_MS })];
    show(<ClustersView clusters={all} agents={agents} error={null} onAdd={note} onChange={note} onRemove={note} {...part} />);
    return did;
  }

  test("stand with title, short name, environment and how many agents are trusted", () => {
    clusters();
    for (const text of ["Cellar", "san-a", "PROD", "1\u00a0agent"]) expect(rowText(/Cellar/)).toContain(text);
    for (const text of ["not said", "0\u00a0agents"]) expect(rowText(/attic/)).toContain(text);
  });

  test("are not removed while an agent is trusted, and say so; afterwards only by their short name", async () => {
    const did = clusters();
    expect(screen.getByRole("button", { name: "Remove san-a…" }).getAttribute("disabled")).not.toBeNull();
    expect(rowText(/Cellar/)).toContain("to remove it, end the trust in its agents first");
    press("Remove attic…");
    submit("Remove attic");
    expect(did).toEqual([]);
    type("Type attic to confirm", "attic");
    submit("Remove attic");
    await waitFor(() => expect(did).toEqual([["attic"]]));
  });

  test("get another title and environment; an empty one is none", async () => {
    const did = clusters();
    press("Change title and environment of san-a…");
    type("Title", " Storage, cellar ");
    type("Environment", "");
    submit("Title and environment of san-a");
    await waitFor(() => expect(did).toEqual([["san-a", { title: "Storage, cellar", environment: null }]]));
  });

  test("are added by their short name", async () => {
    const did = clusters({ clusters: [] });
    expect(screen.getByText("No cluster yet")).toBeDefined();
    press("Add a cluster…");
    type("Short name", "north");
    type("Environment", "TEST");
    submit("Add a cluster");
    await waitFor(() => expect(did).toEqual([[{ slug: "north", title: "north", environment: "TEST" }]]));
  });
});

describe("one node's settings", () => {
  function node(part: Partial<NodeSettingsViewProps> = {}) {
    const did: unknown[] = [];
    const note = async (...args: unknown[]) => void did.push(args);
    const shared = { slug: SLUG, name: "ruby", cluster: cluster(), sources: [], node: undefined, agent: agent("ruby"), error: null };
    show(<NodeSettingsView {...shared} onLabel={note} onEndTrust={note} {...part} />);
    return did;
  }

  test("say what the agent may do there, by its own word alone", () => {
    const may = () => (screen.getByText("May do").nextElementSibling?.textContent ?? "").replaceAll("\u00a0", " ");
    node();
    expect(may()).toBe("not said");
    cleanup();
    node({ node: nodeOf("ruby", { steps: [] }) });
    expect(may()).toMatch(/^nothing: this agent only reads/);
    cleanup();
    node({ node: nodeOf("ruby", { steps: ["standby", "prefer"], link: "lost" }) });
    expect(may()).toMatch(/^standby, preferwhen it was last heard/);
  });

  test("say what each source reads, and of what is not read why and what to do", () => {
    node({
      sources: [
        source("ruby", "drbd"),
        source("ruby", "aoe", { status: "absent" }),
        source("ruby", "kernelLog", {
          status: "failed",
          okAtMs: null,
          error: { code: "COLLECT_FORBIDDEN", message: "/dev/kmsg may not be read by uid 1000." },
        }),
        source("ruby", "bonding", {
          unread: [{ what: "LACP of bond0", code: "COLLECT_FORBIDDEN", message: "The kernel shows it to root only." }],
        }),
        source("ruby", "pacemaker", { status: "pending" }),
      ],
    });
    expect(rowText(/^DRBD/)).toMatch(/read never heard$/);
    expect(rowText(/^AoE/)).toMatch(/not on this node never heard$/);
    expect(screen.getByText(/What is not on this node needs nothing/)).toBeTruthy();
    expect(rowText(/^Kernel log/)).toContain("may not be read by uid 1000. Run the agent as root");
    expect(rowText(/^Bonds/)).toContain("LACP of bond0: The kernel shows it to root only.");
    expect(rowText(/^Pacemaker/)).toContain("not said anything of it yet");
  });

  test("label the node, and take the label away again", async () => {
    const did = node({ agent: agent("ruby", { label: "rack 4" }) });
    press("Change the label of ruby…");
    type("Label", " rack 5 ");
    submit("Label of ruby");
    await waitFor(() => expect(did).toEqual([["id-ruby", "rack 5"]]));
    press("Change the label of ruby…");
    type("Label", "");
    submit("Label of ruby");
    await waitFor(() => expect(did.at(-1)).toEqual(["id-ruby", null]));
  });

  test("end trust by the node's name, and say that the name itself is the node's own", async () => {
    const did = node();
    expect(screen.getByRole("heading", { name: "Another name" })).toBeDefined();
    press("End trust in the agent on ruby…");
    type("Type ruby to confirm", "ruby");
    submit("End trust in the agent on ruby");
    await waitFor(() => expect(did).toEqual([["id-ruby"]]));
  });

  test("without a trusted agent offer to enrol one", () => {
    node({ agent: "none" });
    expect(screen.getByText(/No agent on ruby is trusted here/)).toBeDefined();
  });
});

test("a gap of an old good reading is not told as one of now", () => {
  const unread = [{ what: "x", code: "COLLECT_READ" as const, message: "y" }];
  const error = { code: "COLLECT_TIMEOUT" as const, message: "crm_mon did not answer within 5 s" };
  expect(gapsOf({ status: "failed", error, unread })).toEqual([
    { what: null, why: "crm_mon did not answer within 5 s.", next: expect.stringContaining("hangs") },
  ]);
});

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128, Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    "Edge 140, Windows",
  ],
  [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    "Chrome 140, Android",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Safari 18, macOS",
  ],
  ["curl/8.5.0", "curl/8.5.0"],
  ["", null],
  [null, null],
])("the browser %j is called %j", (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});
