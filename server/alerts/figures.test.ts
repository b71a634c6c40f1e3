// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { alertSamples } from "@/server/metrics/alerts";
import { createBook } from "./book";
import { figuresOf } from "./figures";
import { createPost } from "./post";
import { DOWN, GONE_ALERT, message, receiver, T0, TAKEN } from "./test-factories";

const linesOf = (figures: ReturnType<typeof figuresOf>, nowMs: number) =>
  alertSamples(figures, nowMs).map(({ family, labels, value }) => `${family.name} ${Object.values(labels).join(" ")} ${value}`);

it("alerts are counted by cluster: how grave they are, and which are quiet and why", () => {
  const book = createBook([
    GONE_ALERT,
    { ...GONE_ALERT, id: "a2", severity: "warning", held: { by: "silence", says: "otto: new switch", untilMs: null } },
    { ...GONE_ALERT, id: "a3", acknowledged: { by: "otto", atMs: T0, note: "" } },
    { ...GONE_ALERT, id: "a4", endedAtMs: T0 },
  ]);
  expect(linesOf(figuresOf(["san-a", "north"], book, new Map(), new Map()), T0)).toEqual([
    "quarterdeck_alerts_open san-a critical 2",
    "quarterdeck_alerts_open san-a warning 1",
    "quarterdeck_alerts_quiet san-a acknowledgement 1",
    "quarterdeck_alerts_quiet san-a silence 1",
    "quarterdeck_alerts_quiet san-a maintenance 0",
    "quarterdeck_alerts_open north critical 0",
    "quarterdeck_alerts_open north warning 0",
    "quarterdeck_alerts_quiet north acknowledgement 0",
    "quarterdeck_alerts_quiet north silence 0",
    "quarterdeck_alerts_quiet north maintenance 0",
  ]);
});

it("a receiver's messages are counted by what became of them, and the oldest that waits has an age", async () => {
  const receivers = new Map(["noc", "mail"].map((name) => [name, receiver(name)]));
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const post = createPost({
    records: { keepAttempt: async () => undefined },
    messages: [message(1), message(2, { receiver: "mail", createdAtMs: T0 - 90_000 }), message(3, { receiver: "mail" })],
    receivers,
    send: async ({ name }) => (name === "noc" ? TAKEN : DOWN),
    publicUrl: null,
    log: quiet,
    now: () => T0,
  });
  post.pump();
  await post.end();
  const lines = linesOf(figuresOf([], createBook([]), receivers, post.states()), T0);
  expect(lines).toEqual([
    "quarterdeck_alerts_unsent noc 0",
    "quarterdeck_alerts_receiver_failing noc 0",
    "quarterdeck_alerts_sent_total noc 1",
    "quarterdeck_alerts_failed_total noc 0",
    "quarterdeck_alerts_given_up_total noc 0",
    "quarterdeck_alerts_unsent mail 2",
    "quarterdeck_alerts_oldest_unsent_seconds mail 90",
    "quarterdeck_alerts_receiver_failing mail 0",
    "quarterdeck_alerts_sent_total mail 0",
    "quarterdeck_alerts_failed_total mail 1",
    "quarterdeck_alerts_given_up_total mail 0",
  ]);
});
