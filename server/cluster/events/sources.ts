// SPDX-License-Identifier: Apache-2.0

import { whatHappened } from "@/agent/protocol/console/reason";
import { SOURCE_WORDS } from "@/agent/protocol/console/source-words";
import type { Readings, SourceName } from "@/agent/protocol/sources";
import type { NodeFacts } from "../facts";
import { type Told, told } from "./tell";

/** A source that can no longer be read, is not there any more, or came back. */
export function tellStanding(node: NodeFacts, source: SourceName, readings: Readings): Told[] {
  const before = node.sources[source]?.reading;
  const after = readings[source];
  if (!after) return [];
  const { thing } = SOURCE_WORDS[source];
  const name = node.node;
  switch (after.status) {
    case "failed": {
      const isSame = before?.status === "failed" && before.error.code === after.error.code;
      return isSame ? [] : [told(name, `${name}: ${thing} could not be read: ${whatHappened(after.error.message)}`, "unknown", "gap")];
    }
    case "absent": {
      if (!before || before.status === "absent") return [];
      // What only failed to be read until now may never have been there.
      const wasThere = before.status === "ok" || node.sources[source]?.lastOk !== null;
      return [told(name, `${name}: ${thing} is not there${wasThere ? " any more" : ""}`, "absent")];
    }
    case "ok":
      if (before?.status === "failed") return [told(name, `${name}: ${thing} can be read again`, "ok", "gap")];
      return before?.status === "absent" ? [told(name, `${name}: ${thing} is there`, "ok")] : [];
  }
}
