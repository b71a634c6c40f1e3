// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync } from "node:zlib";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { FeedFrame } from "@/agent/protocol/console/feed";
import { timing } from "@/agent/protocol/timing";
import { keyed, NOW_MS, node, snapshot } from "@/components/factories";
import { createLiveStore } from "./live-store";
import { keepConnected, retryAfterMs, type Wire } from "./socket";

interface FakeWire extends Wire {
  sent: unknown[];
  isClosed: boolean;
}

function fakeWire(): FakeWire {
  const wire: FakeWire = {
    sent: [],
    isClosed: false,
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => wire.sent.push(JSON.parse(text)),
    close: () => {
      wire.isClosed = true;
    },
  };
  return wire;
}

/** A browser's surroundings under the test's hand: its clock, its timers, its sockets. */
function surroundings() {
  let nowMs = 0;
  let sleptMs = 0;
  let isSignedIn = true;
  let timers: { dueMs: number; run: () => void }[] = [];
  const wires: FakeWire[] = [];
  const store = createLiveStore(snapshot("san-a", [node("ruby")]), () => nowMs);
  const byes: string[] = [];
  let page: { fallAsleep: () => void; wakeUp: () => void } | null = null;
  const stop = keepConnected({
    isMine: ({ user, role }) => user === "otto" && role === "operator",
    open: () => {
      const wire = fakeWire();
      wires.push(wire);
      return wire;
    },
    store,
    timing: timing(),
    later: (run, ms) => {
      const timer = { dueMs: nowMs + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    random: () => 0,
    onBye: (reason) => byes.push(reason),
    onForeign: () => byes.push("foreign"),
    isSignedIn: () => Promise.resolve(isSignedIn),
    wallMs: () => nowMs + sleptMs,
    onSleep: (fallAsleep, wakeUp) => {
      page = { fallAsleep, wakeUp };
      return () => {
        page = null;
      };
    },
  });
  return {
    store,
    wires,
    byes,
    stop,
    last: () => wires[wires.length - 1],
    say: (frame: FeedFrame) => wires[wires.length - 1]?.onmessage?.({ data: JSON.stringify(frame) }),
    sayPacked: (text: string) => {
      const bytes = Uint8Array.from(deflateRawSync(text));
      wires[wires.length - 1]?.onmessage?.({ data: bytes.buffer });
    },
    /** Lets time pass; timers run in their order. */
    pass: (ms: number) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const due = timers.filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (!due) break;
        timers = timers.filter((one) => one !== due);
        nowMs = due.dueMs;
        due.run();
      }
      nowMs = untilMs;
    },
    timersLeft: () => timers.length,
    /** The browser freezes the page: nothing of it runs, and what comes in waits. */
    freeze: (ms: number) => {
      page?.fallAsleep();
      sleptMs += ms;
    },
    thaw: () => page?.wakeUp(),
    /** The machine sleeps: its wall clock goes on, its monotonic one and its timers do not. */
    sleep: (ms: number) => {
      sleptMs += ms;
    },
    expireSession: () => {
      isSignedIn = false;
    },
  };
}

const PULSE: FeedFrame = { type: "pulse", atMs: NOW_MS + 1_000, ages: {} };

describe("keepConnected", () => {
  let around: ReturnType<typeof surroundings>;
  beforeEach(() => {
    around = surroundings();
  });

  test("asks for its page's scope as soon as the line is open", () => {
    around.last()?.onopen?.();
    expect(around.last()?.sent).toEqual([{ type: "scope", scope: { of: "cluster", slug: "san-a" } }]);
  });

  test("is live from its snapshot on, not before", () => {
    around.say(PULSE);
    expect(around.store.line()).toBe("connecting");
    around.say(snapshot("san-a", [node("ruby")]));
    expect(around.store.line()).toBe("live");
  });

  test("asks for a snapshot when the numbers have a gap", () => {
    around.say(snapshot("san-a", [node("ruby")], { number: 3 }));
    around.say({ type: "patch", number: 5, atMs: NOW_MS, changes: { "san-a": { set: keyed([node("opal")]), remove: [], parts: {} } } });
    expect(around.last()?.sent).toEqual([{ type: "resync" }]);
    expect(around.store.current().number).toBe(3);
  });

  test("takes a packed patch in its turn, and what follows it after it", async () => {
    around.say(snapshot("san-a", [node("ruby")], { number: 3 }));
    const patch = (number: number, name: string): FeedFrame => ({
      type: "patch",
      number,
      atMs: NOW_MS,
      changes: { "san-a": { set: keyed([node(name)]), remove: [], parts: {} } },
    });
    around.sayPacked(JSON.stringify(patch(4, "opal")));
    around.say(patch(5, "jade"));
    around.sayPacked(JSON.stringify(patch(6, "onyx")));
    await vi.waitFor(() => expect(around.store.current().number).toBe(6));
    around.say(patch(7, "agate"));
    expect(around.store.current().number).toBe(7);
    expect(around.last()?.sent).toEqual([]);
  });

  test("takes packed nonsense for what it is: nothing this page can read", async () => {
    around.say(snapshot("san-a", [node("ruby")]));
    around.last()?.onmessage?.({ data: new ArrayBuffer(3) });
    await vi.waitFor(() => expect(around.byes).toEqual(["foreign"]));
    expect(around.store.line()).toBe("lost");
  });

  test("says that the console is lost after its silence, and opens a new line", () => {
    around.say(snapshot("san-a", [node("ruby")]));
    around.pass(timing().consoleLostAfterMs);
    expect(around.store.line()).toBe("live");
    around.pass(timing().lookEveryMs * 2);
    expect(around.store.line()).toBe("lost");
    expect(around.wires.length).toBe(2);
    expect(around.wires[0]?.isClosed).toBe(true);
  });

  test("a new line that is silent as well is given up for another", () => {
    around.say(snapshot("san-a", [node("ruby")]));
    around.pass(timing().consoleLostAfterMs + timing().lookEveryMs * 2);
    expect(around.wires.length).toBe(2);
    around.pass(20_000);
    expect(around.wires.length).toBe(3);
    expect(around.wires[1]?.isClosed).toBe(true);
  });

  test("a pulse alone keeps it from being lost", () => {
    around.say(snapshot("san-a", [node("ruby")]));
    for (let beat = 0; beat < 10; beat += 1) {
      around.pass(2_000);
      around.say(PULSE);
    }
    expect(around.store.line()).toBe("live");
  });

  test("a pulse does not end being lost: only a snapshot says what is true now", () => {
    around.say(snapshot("san-a", [node("ruby")]));
    around.pass(6_000);
    around.say(PULSE);
    expect(around.store.line()).toBe("lost");
    around.say(snapshot("san-a", [node("ruby")]));
    expect(around.store.line()).toBe("live");
  });

  test("a closed line is opened again, later each time, until the console speaks", () => {
    around.last()?.onclose?.();
    around.pass(250);
    expect(around.wires.length).toBe(2);
    around.last()?.onclose?.();
    around.pass(250);
    expect(around.wires.length).toBe(2);
    around.pass(250);
    expect(around.wires.length).toBe(3);
  });

  test("a frame of a newer console is passed over", () => {
    around.say(snapshot("san-a", [node("ruby")]));
    around.last()?.onmessage?.({ data: '{"type":"weather"}' });
    expect(around.store.line()).toBe("live");
  });

  test.each([
    ["its user may something else now", { user: "otto", role: "viewer" }],
    ["its browser is somebody else's now", { user: "anna", role: "operator" }],
  ] as const)("a page left without a line learns with the next one that %s", (_, who) => {
    around.say({ type: "hello", user: "otto", role: "operator" });
    around.say(snapshot("san-a", [node("ruby")]));
    around.last()?.onclose?.();
    around.pass(250);
    around.say({ type: "hello", ...who });
    expect(around.byes).toEqual(["roleChanged"]);
    expect(around.store.line()).toBe("ended");
    expect(around.last()?.isClosed).toBe(true);
  });

  test("a hello to whom the page was made for changes nothing, and says nothing of what it shows", () => {
    around.say({ type: "hello", user: "otto", role: "operator" });
    expect(around.byes).toEqual([]);
    expect(around.store.line()).toBe("connecting");
  });

  test("the end of the session ends the line for good", () => {
    around.say({ type: "bye", reason: "sessionEnded" });
    expect(around.byes).toEqual(["sessionEnded"]);
    expect(around.store.line()).toBe("ended");
    around.pass(60_000);
    expect(around.wires.length).toBe(1);
  });

  test("a console that stops is waited for", () => {
    around.say(snapshot("san-a", [node("ruby")]));
    around.say({ type: "bye", reason: "consoleStops" });
    around.last()?.onclose?.();
    around.pass(1_000);
    expect(around.byes).toEqual([]);
    expect(around.wires.length).toBe(2);
  });

  test("a frame in words this page does not know: lost at once, and a new page is asked for", () => {
    around.last()?.onopen?.();
    around.say(snapshot("san-a", [node("ruby")]));
    expect(around.store.line()).toBe("live");
    around.last()?.onmessage?.({ data: JSON.stringify({ ...snapshot("san-a", []), clusters: { "san-a": { "x:y": { kind: "later" } } } }) });
    expect(around.store.line()).toBe("lost");
    expect(around.byes).toEqual(["foreign"]);
    around.say(PULSE);
    expect(around.store.line()).toBe("lost");
  });

  test("a refused upgrade of a session that is over leads to the sign-in, not to an alarm", async () => {
    around.expireSession();
    around.last()?.onclose?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(around.byes).toEqual(["sessionEnded"]);
  });

  test("a machine that slept knows that what it shows is old, and asks anew at once", () => {
    around.last()?.onopen?.();
    around.say(snapshot("san-a", [node("ruby")]));
    around.pass(timing().lookEveryMs);
    const before = around.wires.length;
    around.sleep(3_600_000);
    around.pass(timing().lookEveryMs);
    expect(around.store.line()).toBe("lost");
    expect(around.wires.length).toBe(before + 1);
  });

  test("what waited while nothing ran here is not taken for news: it asks anew", () => {
    around.last()?.onopen?.();
    around.say(snapshot("san-a", [node("ruby")]));
    const before = around.wires.length;
    around.sleep(600_000);
    around.say(PULSE);
    expect(around.store.line()).toBe("lost");
    expect(around.store.lastWordAtMs()).toBe(NOW_MS);
    expect(around.wires.length).toBe(before + 1);
    around.last()?.onopen?.();
    around.say(snapshot("san-a", [node("ruby")]));
    expect(around.store.line()).toBe("live");
  });

  test("a page that is frozen says first that it is old, and asks anew when it is thawed, told of it or not", () => {
    around.last()?.onopen?.();
    around.say(snapshot("san-a", [node("ruby")]));
    const frozen = around.last();
    around.freeze(600_000);
    expect(around.store.line()).toBe("lost");
    expect(frozen?.isClosed).toBe(true);
    around.thaw();
    expect(around.last()).not.toBe(frozen);
    around.say(snapshot("san-a", [node("ruby")]));
    expect(around.store.line()).toBe("live");
    const before = around.wires.length;
    around.freeze(600_000);
    around.pass(timing().lookEveryMs);
    expect(around.wires.length).toBe(before + 1);
  });

  test("a first snapshot may take its time on a slow line", () => {
    around.last()?.onopen?.();
    const before = around.wires.length;
    around.pass(14_000);
    expect(around.wires.length).toBe(before);
    around.pass(3_000);
    expect(around.wires.length).toBeGreaterThan(before);
  });

  test("stopping leaves nothing behind", () => {
    around.stop();
    expect(around.last()?.isClosed).toBe(true);
    expect(around.timersLeft()).toBe(0);
  });
});

test("retries back off to a bound and never all at once", () => {
  expect(retryAfterMs(0, 0)).toBe(250);
  expect(retryAfterMs(0, 1)).toBe(500);
  expect(retryAfterMs(30, 1)).toBe(15_000);
});

test("the console's clock goes on by this browser's own between two frames", () => {
  let nowMs = 10;
  const store = createLiveStore(snapshot("san-a", []), () => nowMs);
  nowMs = 1_510;
  expect(store.nowMs()).toBe(NOW_MS + 1_500);
  store.take({ type: "pulse", atMs: NOW_MS + 9_000, ages: {} });
  expect(store.nowMs()).toBe(NOW_MS + 9_000);
  expect(store.silentMs()).toBe(0);
});
