// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentList, ClusterList, NewCluster, NewEnrollment } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { AskError } from "@/components/ask/ask";
import { NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { agent } from "./factories";
import { NodesView, type NodesViewProps } from "./NodesView";

afterEach(cleanup);

const sanA: ClusterList["clusters"][number] = {
  slug: "san-a",
  title: "san-a",
  environment: "prod",
  level: "ok",
  headline: "Nothing known is wrong",
  why: null,
  sinceMs: null,
  nodes: [],
};
const list = (...agents: AgentList["agents"]): AgentList => ({ atMs: NOW_MS, agents });

function show(part: Partial<NodesViewProps> = {}) {
  const enrolled: { cluster: NewCluster | null; enrollment: NewEnrollment }[] = [];
  const ended: string[] = [];
  const withdrawn: string[] = [];
  const props: NodesViewProps = {
    agents: list(agent("ruby", { label: "rack 4, left" }), agent("crystal", { link: "lost" })),
    agentsError: null,
    open: [],
    openError: null,
    clusters: [sanA],
    enrollment: null,
    enrolError: null,
    isEnrolling: false,
    onEnrol: (cluster, enrollment) => enrolled.push({ cluster, enrollment }),
    onEndTrust: async (id) => void ended.push(id),
    onWithdraw: async (id) => void withdrawn.push(id),
    ...part,
  };
  render(
    liveFixture([]).wrap(
      <AskProvider>
        <NodesView {...props} />
      </AskProvider>,
    ),
  );
  return { enrolled, ended, withdrawn };
}

describe("adding a node", () => {
  test("asks for a command for a known cluster", () => {
    const { enrolled } = show();
    fireEvent.change(screen.getByLabelText("Node name"), { target: { value: "opal" } });
    fireEvent.change(screen.getByLabelText("Role"), { target: { value: "client" } });
    fireEvent.submit(screen.getByRole("form", { name: "Add a node" }));
    expect(enrolled).toEqual([{ cluster: null, enrollment: { cluster: "san-a", node: "opal", role: "client" } }]);
  });

  test("makes the cluster first when it is new", () => {
    const { enrolled } = show({ clusters: [] });
    fireEvent.change(screen.getByLabelText("Its name"), { target: { value: "north" } });
    fireEvent.change(screen.getByLabelText("Node name"), { target: { value: "bergen" } });
    fireEvent.submit(screen.getByRole("form", { name: "Add a node" }));
    expect(enrolled).toEqual([
      { cluster: { slug: "north", title: "north", environment: null }, enrollment: { cluster: "north", node: "bergen", role: "member" } },
    ]);
  });

  test("shows the command, until when it is good, and a way to copy it", () => {
    show({ enrollment: { token: "t", command: "quarterdeck-agent enroll --token t", expiresAtMs: NOW_MS + 3_600_000 } });
    expect(screen.getByText("quarterdeck-agent enroll --token t")).toBeDefined();
    expect(screen.getByText("15:02:45")).toBeDefined();
    expect(screen.getByRole("button", { name: "Copy the command" })).toBeDefined();
  });

  test("says where the program comes from, and that an address of the console's own machine leads no node there", () => {
    const command = "quarterdeck-agent enroll --console http://127.0.0.1:3000 --token t";
    show({ enrollment: { token: "t", command, expiresAtMs: NOW_MS + 3_600_000 } });
    const steps = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
    expect(steps[0]).toContain("Copy dist/quarterdeck-agent.mjs");
    expect(screen.getByText(/from any other node this address leads nowhere/).textContent).toContain(
      "127.0.0.1 is the console's own machine",
    );
    cleanup();
    show({ enrollment: { token: "t", command: command.replace("127.0.0.1", "127.example"), expiresAtMs: NOW_MS + 3_600_000 } });
    expect(screen.queryByText(/leads nowhere/)).toBeNull();
  });

  test("that is refused says why", () => {
    show({ enrolError: new AskError("ENROL_TAKEN", "ruby is enrolled already. End its agent's trust first.") });
    expect(screen.getByRole("alert").textContent).toContain("ruby is enrolled already");
  });

  test("keeps commands that were not used in sight, with who made them, and withdraws them", async () => {
    const one = { id: "e1", cluster: "san-a", node: "opal", role: "member" as const, expiresAtMs: NOW_MS + 60_000, createdBy: "anna" };
    const { withdrawn } = show({ open: [one] });
    expect(screen.getByText(/made by anna/).textContent).toContain("good until 14:03:45");
    fireEvent.click(screen.getByRole("button", { name: "Withdraw the command for opal…" }));
    fireEvent.submit(screen.getByRole("form", { name: "Withdraw the command for opal" }));
    await waitFor(() => expect(withdrawn).toEqual(["e1"]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("the agents", () => {
  test("stand with their link, their last word, their label and who enrolled them", () => {
    show();
    const ruby = screen.getByRole("row", { name: /ruby/ });
    expect(within(ruby).getByText("heard")).toBeDefined();
    expect(within(screen.getByRole("row", { name: /crystal/ })).getByText("silent")).toBeDefined();
    for (const text of ["14:02:44", "rack 4, left", "by anna", "PROD"]) expect(ruby.textContent).toContain(text);
    expect(within(ruby).getByRole("link", { name: "ruby" }).getAttribute("href")).toBe("/settings/nodes/san-a/ruby");
  });

  test("lose trust only when their node's name is typed", async () => {
    const { ended } = show();
    fireEvent.click(screen.getByRole("button", { name: "End trust in the agent on ruby…" }));
    const act = screen.getByRole("button", { name: "End trust in ruby" });
    const form = screen.getByRole("form", { name: "End trust in the agent on ruby" });
    fireEvent.change(screen.getByLabelText("Type ruby to confirm"), { target: { value: "rub" } });
    fireEvent.submit(form);
    expect(act.getAttribute("disabled")).not.toBeNull();
    expect(ended).toEqual([]);
    fireEvent.change(screen.getByLabelText("Type ruby to confirm"), { target: { value: "ruby" } });
    fireEvent.submit(form);
    await waitFor(() => expect(ended).toEqual(["id-ruby"]));
  });

  test("keep their trust when the question is answered with no", () => {
    const { ended } = show();
    fireEvent.click(screen.getByRole("button", { name: "End trust in the agent on ruby…" }));
    fireEvent.click(screen.getByRole("button", { name: "Keep it" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(ended).toEqual([]);
  });

  test("whose trust has ended say since when, and offer nothing", () => {
    show({ agents: list(agent("ruby", { trustEndedAtMs: NOW_MS - 60_000 })) });
    expect(screen.getByText("Trust ended: 1")).toBeDefined();
    expect(screen.getByText(/ruby in san-a/).textContent).toContain("14:01:45");
    expect(screen.queryByRole("button", { name: /End trust/ })).toBeNull();
  });

  test("that cannot be listed say why, and are not shown as none", () => {
    show({ agents: null, agentsError: new AskError("ASK_UNREACHABLE", "The console did not answer.") });
    expect(screen.getByRole("alert").textContent).toContain("The console did not answer.");
    expect(screen.queryByText("No agent yet")).toBeNull();
  });
});
