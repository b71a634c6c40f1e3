// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import { cluster, run } from "@/components/factories";
import { mirror, pair } from "@/components/storage-factories";
import { liveFixture, SLUG } from "@/components/with-live";
import { RunView } from "./RunView";

afterEach(cleanup);

const STOP = { verb: "drbd.verifyStop", args: { resource: "mail", volume: 0 }, title: "Stop the verify" };
const progress = {
  kind: "verify",
  percent: 41.2,
  leftBytes: 2 ** 30,
  totalBytes: 2 ** 31,
  rateBytesPerSec: 2 ** 27,
  etaSeconds: 8,
  stalled: false,
} as const;
const busy = { level: "busy", word: "verify", why: null } as const;
const text = () => (document.body.textContent ?? "").replaceAll("\u00a0", " ");

function show(part: Parameters<typeof run>[1] = {}, moves = true) {
  const lines = moves ? [pair("ruby", "crystal", { line: "verify", said: busy, progress })] : [pair("ruby", "crystal")];
  const live = liveFixture([cluster(), mirror("mail", { pairs: lines })]);
  const onUndo = vi.fn();
  const verify = run("r1", {
    title: "Verify mail",
    about: [keyOf.mirror("mail", 0)],
    isDisruptive: false,
    outcome: null,
    endedAtMs: null,
    stop: STOP,
    ...part,
  });
  render(live.wrap(<RunView run={verify} slug={SLUG} userRole="operator" onUndo={onUndo} onClose={() => undefined} />));
  return { onUndo };
}

describe("a verify under way", () => {
  test("shows how far, how fast and how long by the mirror's own figures, and can be stopped", () => {
    const { onUndo } = show();
    expect(screen.getByRole("progressbar", { name: "verify between ruby and crystal" }).getAttribute("aria-valuenow")).toBe("41.2");
    expect(text()).toContain("41.2 % verify between ruby and crystal: 1.0 GiB left, 128 MiB/s, 8.0 s");
    fireEvent.click(screen.getByRole("button", { name: "Stop the verify…" }));
    expect(onUndo).toHaveBeenCalledWith(STOP);
  });

  test("says nothing of progress where none is printed", () => {
    show({}, false);
    expect(screen.queryByRole("progressbar")).toBeNull();
  });
});

test("one that ended shows its end: no bar of a later one, and nothing to stop", () => {
  show({ outcome: "failed", says: "Aborted at 41 %.", endedAtMs: 1 });
  expect(screen.queryByRole("progressbar")).toBeNull();
  expect(screen.queryByRole("button", { name: "Stop the verify…" })).toBeNull();
});
