// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { ROOT } from "@/lab/cluster/console";
import type { Image } from "./image";

const INSIDE = path.join(import.meta.dirname, "inside");

/** The guests' first disk: what is ours of a guest (its start, its channel, the built agent), so that a change of it makes no new image. */
export function makeInitrd(image: Image, dir: string): string {
  const tree = path.join(dir, "initrd");
  const put = (from: string, to: string) => {
    mkdirSync(path.dirname(path.join(tree, to)), { recursive: true });
    cpSync(from, path.join(tree, to), { recursive: true });
  };
  put(path.join(image.boot, "busybox"), "bin/busybox");
  put(path.join(image.boot, "modules"), "modules");
  put(path.join(image.boot, "m"), "m");
  put(path.join(INSIDE, "initrd.sh"), "init");
  put(INSIDE, "lab");
  put(path.join(ROOT, "dist/quarterdeck-agent.mjs"), "lab/quarterdeck-agent.mjs");
  for (const program of ["init", "lab/init.sh", "lab/storage.sh", "lab/cluster.sh", "lab/client.sh", "bin/busybox"])
    chmodSync(path.join(tree, program), 0o755);
  const list = spawnSync("find", ["."], { cwd: tree }).stdout;
  const packed = spawnSync("cpio", ["--create", "--quiet", "--format=newc", "--owner=0:0"], {
    cwd: tree,
    input: list,
    maxBuffer: 256 << 20,
  });
  if (packed.status !== 0) throw new Error(`cpio could not pack the guests' first disk: ${String(packed.stderr)}`);
  const file = path.join(dir, "initrd.gz");
  writeFileSync(file, gzipSync(packed.stdout, { level: 1 }));
  rmSync(tree, { recursive: true });
  return file;
}
