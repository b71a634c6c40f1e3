// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { FindingRule } from "@/agent/protocol/console/finding-rules";
import { AskProvider } from "@/components/ask/AskProvider";
import { NOW_MS } from "@/components/factories";
import { liveFixture } from "@/components/with-live";
import { FindingRulesView, type FindingRulesViewProps } from "./FindingRulesView";

afterEach(cleanup);

const rule = (name: string, title: string, part: Partial<FindingRule> = {}): FindingRule => ({
  name,
  title,
  area: "Mirrors",
  means: "It means this.",
  levels: ["risk"],
  fires: "Then.",
  not: "Not then.",
  todo: "Do this.",
  off: [],
  ...part,
});
const off = [{ cluster: "san-a", by: "anna", atMs: NOW_MS - 60_000, reason: "a test bed" }];

function rules(part: Partial<FindingRulesViewProps> = {}) {
  const did: unknown[] = [];
  const all = [rule("mirror-alone", "One good copy"), rule("fencing-off", "Fencing is off", { off })];
  const clusters = ["san-a", "north"].map((slug) => ({ slug, title: slug }));
  const onChange = async (...args: unknown[]) => void did.push(args);
  const view = <FindingRulesView mayAct rules={all} clusters={clusters} error={null} onChange={onChange} {...part} />;
  render(liveFixture([]).wrap(<AskProvider>{view}</AskProvider>));
  return did;
}
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

test("what is switched off says where, since when, by whom and why, and is counted", () => {
  rules();
  expect(screen.getByRole("status").textContent).toMatch(/2\srules, 1 switched off for some cluster/);
  expect(screen.getByRole("row", { name: /Fencing is off/ }).textContent).toMatch(/off for san-a since .* by anna: a test bed/);
});

test("a rule is switched off for the clusters that are chosen, with a reason, and not for none", async () => {
  const did = rules();
  press("Switch off… One good copy");
  fireEvent.change(screen.getByLabelText("Why"), { target: { value: "it is a test bed" } });
  const form = screen.getByRole("form", { name: "Switch “One good copy” off" });
  fireEvent.submit(form);
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Choose at least one cluster."));
  expect(did).toEqual([]);
  fireEvent.click(screen.getByLabelText("north"));
  fireEvent.submit(form);
  await waitFor(() => expect(did).toEqual([["mirror-alone", { clusters: ["north"], isOff: true, reason: "it is a test bed" }]]));
});

test("a viewer sees what is off, and no act", () => {
  rules({ mayAct: false });
  expect(screen.queryAllByRole("button", { name: /Switch/ })).toEqual([]);
  expect(screen.getByRole("status").textContent).toContain("An admin switches them.");
});
