// SPDX-License-Identifier: Apache-2.0
import type { AlertList, ReceiverList, RouteList, SentList, SilenceList } from "@/agent/protocol/console/alerts";
import { NOW_MS } from "@/components/factories";

// Fixed values for tests; nothing that runs imports this file.

type Alert = AlertList["alerts"][number];
type Receiver = ReceiverList["receivers"][number];
type Route = RouteList["routes"][number];
type Silence = SilenceList["silences"][number];
type Sent = SentList["sent"][number];

export const alert = (title: string, part: Partial<Alert> = {}): Alert => ({
  id: `id-${title}`,
  cluster: "san-a",
  finding: "node-gone:crystal",
  severity: "critical",
  title,
  why: "Only ruby holds store now.",
  todo: null,
  labels: { cluster: ["san-a"], environment: [], severity: ["critical"], rule: ["node-gone"], finding: [], node: [], resource: [] },
  consequences: [],
  sinceMs: NOW_MS - 90_000,
  openedAtMs: NOW_MS - 90_000,
  endedAtMs: null,
  endedBy: null,
  returns: 0,
  acknowledged: null,
  held: null,
  told: [],
  ...part,
});

export const receiver = (name: string, part: Partial<Receiver> = {}): Receiver => ({
  id: `id-${name}`,
  name,
  settings: { kind: "webhook", url: "https://chat.example/hook" },
  hasSecret: true,
  createdBy: "anna",
  createdAtMs: NOW_MS - 3_600_000,
  lastOkAtMs: NOW_MS - 60_000,
  waiting: 0,
  failingSinceMs: null,
  says: null,
  nextTryAtMs: null,
  givenUp: 0,
  ...part,
});

export const route = (to: string, part: Partial<Route> = {}): Route => ({
  id: `route-${to}`,
  receiver: `id-${to}`,
  matchers: [],
  waitSeconds: 15,
  repeatHours: null,
  sendsResolved: true,
  isOn: true,
  createdBy: "anna",
  createdAtMs: NOW_MS - 3_600_000,
  ...part,
});

export const silence = (reason: string, part: Partial<Silence> = {}): Silence => ({
  id: `id-${reason}`,
  matchers: [{ label: "node", isNot: false, values: ["ruby"] }],
  reason,
  endsAtMs: NOW_MS + 3_600_000,
  createdBy: "otto",
  createdAtMs: NOW_MS - 60_000,
  endedBy: null,
  ...part,
});

export const sent = (id: string, part: Partial<Sent> = {}): Sent => ({
  id,
  receiver: "chat",
  cluster: "san-a",
  alerts: [{ title: "crystal is gone", reason: "new" }],
  state: "sent",
  createdAtMs: NOW_MS - 60_000,
  endedAtMs: NOW_MS - 59_000,
  nextTryAtMs: null,
  attempts: [{ atMs: NOW_MS - 59_000, isOk: true, says: "It answered 200", tookMs: 12 }],
  tried: 1,
  ...part,
});
