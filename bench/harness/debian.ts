// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** A program of Debian's that a measurement stands beside. */
export interface Needed {
  file: string;
  debian: string;
}

/** Has them on this machine: found, else installed where that is allowed. @throws with what to install */
export function requirePackages(needed: readonly Needed[]): void {
  const missing = () => needed.filter(({ file }) => !existsSync(file)).map(({ debian }) => debian);
  const wanted = missing();
  if (wanted.length === 0) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...wanted]])
      spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
  }
  const still = missing();
  if (still.length > 0)
    throw new Error(`Debian's ${still.join(", ")} are not installed and could not be: apt-get install ${still.join(" ")}`);
}
