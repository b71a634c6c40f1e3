// SPDX-License-Identifier: Apache-2.0
// Everything between a fresh clone and a program that runs: packages, generated code, builds. Does only what is missing.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const stamps = path.join(root, "node_modules", ".quarterdeck");

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Quarterdeck needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and try again.`);
  process.exit(1);
}

function run(what, command, args, env = {}) {
  console.log(`• ${what}`);
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (result.status !== 0) {
    console.error(`${what}: failed (${result.error?.message ?? `exit ${result.status}`}). The lines above say why.`);
    process.exit(1);
  }
}

/** A digest of files and folders, so that a step runs again only when what it reads has changed. */
function digest(paths) {
  const hash = createHash("sha256");
  const add = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(file).sort()) {
        if (name !== "generated" && name !== "fixtures" && name !== "node_modules") add(path.join(file, name));
      }
    } else if (!/\.test\.tsx?$/.test(file)) hash.update(path.relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  };
  for (const name of paths) add(path.join(root, name));
  return hash.digest("hex");
}

function unless(stamp, paths, products, step) {
  const file = path.join(stamps, stamp);
  const now = digest(paths);
  const isDone = products.every((product) => existsSync(path.join(root, product)));
  if (isDone && existsSync(file) && readFileSync(file, "utf8") === now) return;
  step();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(file, now);
}

const only = process.argv.slice(2);

unless("packages", ["package-lock.json"], ["node_modules/next", "node_modules/ws"], () =>
  run("installing the packages of the lockfile", "npm", ["ci", "--no-audit", "--no-fund"]),
);
unless("prisma", ["prisma", "scripts/prisma.mjs", "package-lock.json"], ["server/db/generated/client.ts"], () =>
  run("generating the database client", process.execPath, ["scripts/prisma.mjs"]),
);
if (!only.includes("--no-build")) {
  const isDev = only.includes("--dev");
  unless(
    "programs",
    ["agent", "server", "sim", "prisma", "scripts/build.mjs", "package-lock.json", "tsconfig.json"],
    ["dist/console.mjs", "dist/quarterdeck-agent.mjs", "dist/quarterdeck.mjs", "dist/sim.mjs"],
    () => run("building agent, console and simulated fleet", process.execPath, ["scripts/build.mjs", "programs"]),
  );
  if (!isDev) {
    unless(
      "pages",
      [
        "app",
        "components",
        "agent/protocol",
        "server/door.ts",
        "server/console.ts",
        "next.config.mjs",
        "postcss.config.mjs",
        "package-lock.json",
        "tsconfig.json",
      ],
      [".next/BUILD_ID"],
      () => run("building the pages", process.execPath, ["scripts/build.mjs", "pages"]),
    );
  }
}
