// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { breachesOf } from "./import-table.mjs";

const importing = (...names: string[]) => names.map((name) => `import { x } from "${name}";`).join("\n");

test.each([
  ["agent/protocol/model/drbd.ts", "../errors"],
  ["agent/collectors/drbd/parse.ts", "@/agent/protocol/model/drbd"],
  ["agent/link.ts", "ws"],
  ["server/hub/hub.ts", "@/agent/protocol/messages"],
  ["server/db/people.ts", "@prisma/client"],
  ["components/drbd/Lane.tsx", "@/agent/protocol/console/view"],
  ["app/(console)/page.tsx", "@/server/door"],
  ["server/hub/hub.test.ts", "@/sim/peer"],
])("%s may import %s", (file, name) => {
  expect(breachesOf(file, importing(name))).toEqual([]);
});

test.each([
  ["agent/protocol/model/drbd.ts", "node:fs"],
  ["agent/protocol/messages.ts", "@/agent/link"],
  ["agent/link.ts", "@/agent/protocol/console/view"],
  ["agent/link.ts", "@/server/hub/hub"],
  ["agent/link.ts", "react"],
  ["server/hub/hub.ts", "@/agent/collectors/drbd/parse"],
  ["server/hub/hub.ts", "@prisma/client"],
  ["server/hub/hub.ts", "@/sim/peer"],
  ["components/drbd/Lane.tsx", "@/server/door"],
  ["components/drbd/Lane.tsx", "node:fs"],
  ["components/ui/Age.tsx", "@/components/drbd/Lane"],
  ["app/(console)/page.tsx", "@/server/hub/hub"],
  ["sim/peer.ts", "@/agent/link"],
  ["server/hub/hub.ts", "../../agent/protocol/messages"],
])("%s may not import %s", (file, name) => {
  expect(breachesOf(file, importing(name))).toHaveLength(1);
});

test("a re-export and a dynamic import count as imports", () => {
  expect(breachesOf("server/hub/hub.ts", 'export { x } from "@prisma/client";')).toHaveLength(1);
  expect(breachesOf("server/hub/hub.ts", 'const x = await import("@prisma/client");')).toHaveLength(1);
});

test("files outside the table are nobody's concern", () => {
  expect(breachesOf("docs/example.ts", importing("@/server/hub/hub"))).toEqual([]);
});
