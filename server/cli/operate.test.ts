// SPDX-License-Identifier: Apache-2.0
import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import { OPERATING } from "./operate";

const PREVIEW: CommandPreview = {
  id: "p1",
  ask: { verb: "node.standby", args: { node: "ruby" } },
  title: "Standby ruby",
  about: ["node:ruby"],
  atMs: 1,
  expiresAtMs: 2,
  actingNode: "crystal",
  isAlreadySo: false,
  effects: [],
  commands: [],
  findings: [],
  typedName: null,
  needsReason: false,
  tookMs: null,
  plan: [],
  steps: [],
};
const REFUSED = JSON.stringify({ error: { code: "AUTH_ROLE", message: "This needs the role operator." } });

type Answer = { status: number; text: string } | "cut";

/** Standby of ruby at a console that previews it, and then answers like this. */
async function standby(confirmed: Answer, followed: Answer) {
  const server = http.createServer((request, response) => {
    const { url = "" } = request;
    const previewed = { status: 201, text: JSON.stringify(PREVIEW) };
    const answer = url.endsWith("/previews") ? previewed : url.endsWith("/runs") ? confirmed : followed;
    if (answer === "cut") request.socket.destroy();
    else response.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const bound: AddressInfo | string | null = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  const address = { origin: new URL(`http://127.0.0.1:${bound.port}`), token: "t", ca: null };
  const word = OPERATING.find(({ name }) => name === "standby");
  return word?.run(address, ["ruby"], { cluster: "san-a", yes: true }, () => undefined);
}

const STARTED = { status: 202, text: JSON.stringify({ did: "started", run: "r1" }) };

it("a console that is lost once it may be under way ends in exit 6, not in that of a refusal", async () => {
  await expect(standby("cut", "cut")).rejects.toMatchObject({ exitCode: 6, message: expect.stringContaining("may be under way") });
  await expect(standby(STARTED, "cut")).rejects.toMatchObject({ exitCode: 6 });
  await expect(standby(STARTED, { status: 403, text: REFUSED })).rejects.toMatchObject({ exitCode: 6 });
});

it("what the console refuses ends in exit 1", async () => {
  await expect(standby({ status: 403, text: REFUSED }, "cut")).rejects.toMatchObject({ exitCode: 1 });
});
