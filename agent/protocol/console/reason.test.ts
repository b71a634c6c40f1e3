// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { whatHappened } from "./reason";

test("an agent's reason is cut to what happened", () => {
  const long = "Could not read Pacemaker (crm_mon): crm_mon did not answer within 10000 ms; it was killed. Run it by hand.";
  expect(whatHappened(long)).toBe("crm_mon did not answer within 10 s; it was killed");
  expect(whatHappened("no answer within 5 s")).toBe("no answer within 5 s");
  expect(whatHappened("/proc/drbd: line 3 ends at 1.2.")).toBe("/proc/drbd: line 3 ends at 1.2");
  expect(whatHappened("permission denied")).toBe("permission denied");
});
