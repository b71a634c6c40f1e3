// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";

/** So much of one failure's words is said again. */
const MOST_CHARS = 600;

/** What a report of Vitest (`--reporter=json`) says failed, a line each with the first words of why; none where there is no report. */
export function failuresIn(file) {
  if (!existsSync(file)) return [];
  const { testResults } = JSON.parse(readFileSync(file, "utf8"));
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed");
    if (status === "failed" && tests.length === 0) return [`${name}: ${short(message)}`];
    return tests.map(({ fullName, failureMessages }) => `${fullName}\n${short(failureMessages.join("\n"))}`);
  });
}

function short(text) {
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text;
}
