// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { createTreeWriter } from "./tree-writer";

it("takes folders away with the last file in them, and makes them again", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-tree-"));
  const root = path.join(dir, "root");
  const writer = createTreeWriter(root, path.join(dir, "staging"), { files: 0, bytes: 0 });
  const show = (mark: string, names: readonly string[]) =>
    writer.apply([{ name: "lio", mark, files: () => Object.fromEntries(names.map((name) => [name, { text: "1\n" }])) }]);
  show("both", ["/config/target/a/np/enable", "/config/target/version"]);
  show("one", ["/config/target/version"]);
  expect(existsSync(path.join(root, "config/target/a"))).toBe(false);
  expect(existsSync(path.join(root, "config/target/version"))).toBe(true);
  show("again", ["/config/target/a/np/enable", "/config/target/version"]);
  expect(readFileSync(path.join(root, "config/target/a/np/enable"), "utf8")).toBe("1\n");
  rmSync(dir, { recursive: true });
});
