// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Offer } from "@/agent/protocol/console/commands";
import type { Repair, RepairStep } from "@/agent/protocol/console/repair";
import { offer } from "@/components/commands/factories";
import { cluster, NOW_MS } from "@/components/factories";
import { mirror } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { RepairView } from "./RepairView";
import { isRepairTold, repairRevision } from "./repair-told";

afterEach(cleanup);

const DISCONNECT = offer({ title: "Disconnect mail on crystal", ask: { verb: "drbd.disconnect", args: {} }, needs: "operator" });

function step(part: Partial<RepairStep>): RepairStep {
  return {
    id: "disconnect",
    title: "Disconnect mail on crystal",
    says: "crystal lets go of ruby.",
    command: { node: "crystal", line: "drbdadm disconnect mail" },
    kind: "command",
    state: "next",
    offer: DISCONNECT,
    check: "crystal says StandAlone.",
    found: null,
    ...part,
  };
}
function repair(part: Partial<Repair> = {}): Repair {
  return {
    direction: { from: "ruby", to: "crystal" },
    bytes: 32_768,
    method: "reconnect",
    versions: "8.4.11",
    says: "32 KiB on crystal will be overwritten with ruby's copy.",
    refusal: null,
    halfWay: null,
    steps: [step({}), step({ id: "connect", title: "Connect mail on crystal", state: "later", offer: null })],
    ...part,
  };
}

function show(one: Repair, userRole: "viewer" | "operator" | "admin" | null = "admin"): Offer[] {
  const opened: Offer[] = [];
  const live = liveFixture([cluster()]);
  render(live.wrap(<RepairView name="mail" repair={one} userRole={userRole} onStep={(next) => opened.push(next)} />));
  return opened;
}
const plain = (text: string | null | undefined) => text?.replaceAll("\u00a0", " ");

test("the direction stands first in words, and only the step that is next has a button, which opens the dialog", () => {
  const opened = show(repair());
  const region = screen.getByRole("region", { name: /Steps to repair mail/ });
  expect(plain(region.textContent)).toContain("32 KiB on crystal will be overwritten with ruby's copy.");
  const items = within(region).getAllByRole("listitem");
  expect(items.map((item) => item.getAttribute("aria-current"))).toEqual(["step", null]);
  const [button, ...more] = within(region).getAllByRole("button");
  expect(more).toEqual([]);
  expect(opened).toEqual([]);
  if (button) fireEvent.click(button);
  expect(opened).toEqual([DISCONNECT]);
});

test("a step that is refused says why, and cannot be pressed; nor can what one's role may not do", () => {
  const refused = show(repair({ steps: [step({ offer: { ...DISCONNECT, refusal: "A resync runs." } })] }));
  fireEvent.click(screen.getByRole("button"));
  expect(refused).toEqual([]);
  expect(screen.getByText("A resync runs.")).toBeDefined();
  cleanup();
  const viewed = show(repair(), "viewer");
  fireEvent.click(screen.getByRole("button"));
  expect(viewed).toEqual([]);
  cleanup();
  show(repair(), null);
  expect(screen.queryByRole("button")).toBeNull();
});

test("what is done by hand can be copied, with the node it is for", () => {
  const command = { node: "ruby", line: "date > /srv/mail/.drbd-repair && sync" };
  show(repair({ steps: [step({ id: "write", kind: "manual", title: "Have one block written on ruby", command, offer: null })] }));
  expect(screen.getByText("by hand on ruby")).toBeDefined();
  expect(screen.getByText(command.line)).toBeDefined();
  expect(screen.getByRole("button", { name: /^Copy/ })).toBeDefined();
});

test("left half-way: who, and since when; what was found when it was checked", () => {
  show(
    repair({ halfWay: { by: "anna", atMs: NOW_MS - 720_000 }, steps: [step({ found: "No resync happened; the bits are still set." })] }),
  );
  expect(plain(screen.getAllByRole("status").at(0)?.textContent)).toMatch(
    /Disconnected since .*12 min.* ago, by anna; not connected again\./,
  );
  expect(plain(screen.getAllByRole("status").at(1)?.textContent)).toContain("No resync happened");
});

test("where it cannot be told whose blocks are right there is a reason and no step", () => {
  show(repair({ direction: null, refusal: "mail is Primary on crystal and ruby.", says: "They differ in 4 KiB.", steps: [] }));
  expect(screen.getByText("mail is Primary on crystal and ruby.")).toBeDefined();
  expect(screen.queryByRole("list")).toBeNull();
});

test("the section is asked for only where blocks are marked or a step was taken, and anew when that moves", () => {
  const calm = mirror("mail");
  const [pair] = calm.pairs;
  if (!pair) throw new Error("no pair");
  const differs = {
    ...calm,
    pairs: [{ ...pair, line: "differs" as const, said: { level: "differs" as const, word: "differs", why: null } }],
  };
  expect(isRepairTold(calm, [])).toBe(false);
  expect(isRepairTold(differs, [])).toBe(true);
  expect(repairRevision(calm, [])).not.toBe(repairRevision(differs, []));
  expect(repairRevision(differs, [])).toBe(repairRevision({ ...differs, sizeBytes: 1 }, []));
});
