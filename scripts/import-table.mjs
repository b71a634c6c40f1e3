// SPDX-License-Identifier: Apache-2.0
// Who may import whom (docs/architecture.md). Reads every import of every source file and names each that is not allowed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {{ folder: string, may: string[], packages: string[] | "any", node: boolean, why: string }} Rule */

// The first rule whose folder holds the file decides. `may` are paths inside the repository.
/** @type {Rule[]} */
export const TABLE = [
  { folder: "agent/protocol/console", may: ["agent/protocol"], packages: ["zod"], node: false, why: "the contract runs anywhere" },
  { folder: "agent/protocol", may: ["agent/protocol"], packages: ["zod"], node: false, why: "the contract runs anywhere" },
  { folder: "agent", may: ["agent"], packages: ["zod", "ws", "fast-xml-parser"], node: true, why: "the agent ships alone" },
  {
    folder: "server/db",
    may: ["server", "agent/protocol"],
    packages: ["@prisma/client", "@prisma/adapter-libsql", "@libsql/client", "zod"],
    node: true,
    why: "only server/db speaks to the database",
  },
  {
    folder: "server/metrics",
    may: ["server", "agent/protocol"],
    packages: ["prom-client", "zod"],
    node: true,
    why: "what Prometheus reads is written in one place",
  },
  {
    folder: "server/alerts",
    may: ["server", "agent/protocol"],
    packages: ["nodemailer", "zod"],
    node: true,
    why: "what the console sends to others leaves from one place",
  },
  {
    folder: "server",
    may: ["server", "agent/protocol"],
    packages: [
      "zod",
      "ws",
      "next",
      "hono",
      "@hono/node-server",
      "@node-rs/argon2",
      "rate-limiter-flexible",
      "selfsigned",
      "croner",
      "temporal-polyfill",
    ],
    node: true,
    why: "the server knows agents and browsers only by the contract",
  },
  { folder: "components/ui", may: ["components/ui"], packages: ["react", "next"], node: false, why: "no domain word in components/ui" },
  {
    folder: "components",
    may: ["components", "agent/protocol"],
    packages: ["react", "react-dom", "next", "@tanstack/react-query", "zod", "uplot", "@xyflow/react", "@dagrejs/dagre"],
    node: false,
    why: "the browser decides nothing",
  },
  {
    folder: "app",
    may: ["app", "components", "server/door", "agent/protocol"],
    packages: ["react", "next", "uplot", "@fontsource-variable/inter", "@fontsource-variable/jetbrains-mono"],
    node: false,
    why: "pages reach the server through its door only",
  },
  {
    folder: "sim",
    may: ["sim", "agent/protocol"],
    packages: ["zod", "ws"],
    node: true,
    why: "the simulated fleet stands outside the product",
  },
  {
    folder: "lab/cluster/tests",
    may: ["lab", "sim", "agent/protocol"],
    packages: ["ws", "zod", "vitest"],
    node: true,
    why: "what a lab drives it starts as processes",
  },
  {
    folder: "lab/vm/tests",
    may: ["lab", "sim", "agent/protocol", "scripts/host-tools.mjs"],
    packages: ["ws", "zod", "vitest", "@playwright/test"],
    node: true,
    why: "what a lab drives it starts as processes",
  },
  {
    folder: "lab",
    may: ["lab", "sim", "agent/protocol"],
    packages: ["ws", "zod"],
    node: true,
    why: "what a lab drives it starts as processes",
  },
  {
    folder: "bench",
    may: ["bench", "lab", "sim", "agent/protocol", "scripts/host-tools.mjs"],
    packages: "any",
    node: true,
    why: "what is measured is started as processes",
  },
  { folder: "e2e", may: ["e2e", "sim", "agent/protocol"], packages: "any", node: true, why: "journeys see what a user sees" },
];

// Tests may use the test tools everywhere, and reach what they prove: the server's tests drive it with the simulated fleet's peer.
const TEST_PACKAGES = ["vitest", "fast-check", "@testing-library/react", "@testing-library/dom", "happy-dom", "ws", "zod"];
const TEST_MAY = { server: ["sim/peer", "sim/test-host"] };
// The agent program never sees what only server and browser share.
const NEVER = [{ folder: "agent", except: "agent/protocol/console", target: "agent/protocol/console" }];

const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
const importPattern = /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;

const within = (file, folder) => file === folder || file.startsWith(`${folder}/`);

/** Every breach in one file's text, as sentences. `file` is relative to the repository, with slashes. */
export function breachesOf(file, text) {
  const rule = TABLE.find(({ folder }) => within(file, folder));
  if (!rule) return [];
  const isTest = /\.test\.tsx?$/.test(file);
  const breaches = [];
  for (const match of text.matchAll(importPattern)) {
    const name = match[1] ?? match[2];
    const say = (what) => breaches.push(`${file} imports ${name}: ${what} (${rule.why})`);
    const isOurs = name.startsWith(".") || name.startsWith("@/");
    if (!isOurs) {
      if (builtins.has(name)) {
        if (!rule.node && !isTest) say("no Node module may be used here");
        continue;
      }
      const parts = name.split("/");
      const packageName = name.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
      const allowed = rule.packages === "any" || rule.packages.includes(packageName) || (isTest && TEST_PACKAGES.includes(packageName));
      if (!allowed) say("the package is not on this folder's list");
      continue;
    }
    if (/\/\.\.\/\.\./.test(`/${name}`)) say("climb at most one folder; across folders write @/…");
    const target = name.startsWith("@/") ? name.slice(2) : path.posix.join(path.posix.dirname(file), name);
    const extra = isTest ? (TEST_MAY[rule.folder.split("/")[0]] ?? []) : [];
    if (![...rule.may, ...extra].some((folder) => within(target, folder))) say("the import table does not allow it");
    for (const never of NEVER) {
      if (within(file, never.folder) && !within(file, never.except) && within(target, never.target))
        say("only server and browser share this");
    }
  }
  return breaches;
}

function sources(folder, root) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name === "generated" ? [] : sources(name, root);
    return /\.(ts|tsx|mts|mjs)$/.test(entry.name) ? [name] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(import.meta.dirname, "..");
  // A folder of the table that holds nothing yet is not in a clone.
  const folders = [...new Set(TABLE.map(({ folder }) => folder.split("/")[0]))].filter((folder) => existsSync(path.join(root, folder)));
  const breaches = folders
    .flatMap((folder) => sources(folder, root))
    .flatMap((file) => breachesOf(file, readFileSync(path.join(root, file), "utf8")));
  const reaches = sources("app", root).filter((file) => /\/route\.tsx?$/.test(file));
  breaches.push(...reaches.map((file) => `${file}: app has pages only; routes live in server/api`));
  for (const breach of breaches) console.error(breach);
  process.exit(breaches.length === 0 ? 0 : 1);
}
