// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentList, ClusterList, NewCluster, NewEnrollment } from "@/agent/protocol/console/api";
import { AskError } from "@/components/ask/ask";
import { NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { NodesView, type NodesViewProps } from "./NodesView";

afterEach(cleanup);

type Agent = AgentList["agents"][number];
const agent = (node: string, part: Partial<Agent> = {}): Agent => ({
  id: `id-${node}`,
  cluster: "san-a",
  node,
  role: "member",
  link: "live",
  lastWordAtMs: NOW_MS - 400,
  ageMs: 400,
  agentVersion: "0.1.0",
  enrolledAtMs: NOW_MS - 3_600_000,
  trustEndedAtMs: null,
  enrolledBy: "anna",
  label: null,
  ...part,
});
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

function show(part: Partial<NodesViewProps> = {}) {
  const enrolled: { cluster: NewCluster | null; enrollment: NewEnrollment }[] = [];
  const ended: string[] = [];
  const props: NodesViewProps = {
    agents: { atMs: NOW_MS, agents: [agent("ruby"), agent("crystal", { link: "lost" })] },
    agentsError: null,
    clusters: [sanA],
    enrollment: null,
    enrolError: null,
    isEnrolling: false,
    onEnrol: (cluster, enrollment) => enrolled.push({ cluster, enrollment }),
    endTrustError: null,
    onEndTrust: (id) => ended.push(id),
    ...part,
  };
  render(liveFixture([]).wrap(<NodesView {...props} />));
  return { enrolled, ended };
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

  test("that is refused says why", () => {
    show({ enrolError: new AskError("ENROL_TAKEN", "ruby is enrolled already. End its agent's trust first.") });
    expect(screen.getByRole("alert").textContent).toContain("ruby is enrolled already");
  });
});

describe("the agents", () => {
  test("stand with their link and their last word", () => {
    show();
    expect(within(screen.getByRole("row", { name: /ruby/ })).getByText("heard")).toBeDefined();
    expect(within(screen.getByRole("row", { name: /crystal/ })).getByText("silent")).toBeDefined();
    expect(screen.getByRole("row", { name: /ruby/ }).textContent).toContain("14:02:44");
  });

  test("lose trust only when their node's name is typed", () => {
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
    expect(ended).toEqual(["id-ruby"]);
  });

  test("whose trust has ended say since when, and offer nothing", () => {
    show({ agents: { atMs: NOW_MS, agents: [agent("ruby", { trustEndedAtMs: NOW_MS - 60_000 })] } });
    expect(screen.getByRole("row", { name: /ruby/ }).textContent).toContain("ended 14:01:45");
    expect(screen.queryByRole("button", { name: /End trust/ })).toBeNull();
  });

  test("that cannot be listed say why, and are not shown as none", () => {
    show({ agents: null, agentsError: new AskError("ASK_UNREACHABLE", "The console did not answer.") });
    expect(screen.getByRole("alert").textContent).toContain("The console did not answer.");
    expect(screen.queryByText("No agent yet")).toBeNull();
  });
});
