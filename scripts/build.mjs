// SPDX-License-Identifier: Apache-2.0
// `npm run build [programs|pages]`: the agent, the console's server, the simulated fleet, and Next's pages.
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const root = path.resolve(import.meta.dirname, "..");
const what = process.argv[2];

// ws and fast-xml-parser are CommonJS inside an ES module bundle: what they require are Node's built-ins.
const requireBanner = 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: false,
  legalComments: "eof",
  logLevel: "warning",
  alias: { "@": root },
};

if (what === undefined || what === "programs") {
  await Promise.all([
    // One file with everything inside: this is what is copied to a node.
    build({
      ...shared,
      entryPoints: ["agent/main.ts"],
      outfile: "dist/quarterdeck-agent.mjs",
      minifySyntax: true,
      minifyWhitespace: true,
      banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
    }),
    build({ ...shared, entryPoints: ["server/main.ts"], outfile: "dist/console.mjs", packages: "external" }),
    build({
      ...shared,
      entryPoints: ["server/cli.ts"],
      outfile: "dist/quarterdeck.mjs",
      banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
    }),
    build({ ...shared, entryPoints: ["sim/main.ts"], outfile: "dist/sim.mjs", banner: { js: requireBanner } }),
  ]);
  for (const program of ["quarterdeck-agent", "quarterdeck"]) chmodSync(path.join(root, `dist/${program}.mjs`), 0o755);
}

if (what === undefined || what === "pages") {
  const next = path.join(root, "node_modules/next/dist/bin/next");
  const result = spawnSync(process.execPath, [next, "build"], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
  });
  if (result.status !== 0) process.exit(1);
}
