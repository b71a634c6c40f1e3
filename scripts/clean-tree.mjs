// SPDX-License-Identifier: Apache-2.0
// Tests leave the tree clean: nothing is tracked as changed, nothing new lies about that git does not ignore.
import { spawnSync } from "node:child_process";

if (process.env.CI === undefined) {
  console.log("only asked of a clean checkout (CI is not set)");
  process.exit(0);
}
const { status, stdout } = spawnSync("git", ["status", "--porcelain"], { encoding: "utf8" });
if (status !== 0 || stdout.trim() !== "") {
  console.error(`The tests left the tree changed:\n${stdout}`);
  process.exit(1);
}
