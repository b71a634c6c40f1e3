// SPDX-License-Identifier: Apache-2.0
// Completes package-lock.json with the optional packages of other platforms that the registry in use did not offer.
// Without their entries `npm ci` refuses the lockfile; with them it skips what is not for this platform. Run after `npm install`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const file = path.resolve(import.meta.dirname, "../package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "aix", "win32"];
const PROCESSORS = ["arm64", "x64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "ppc64le"];

/** What platform a package is for, read off its name: `@biomejs/cli-linux-x64-musl`; null when it does not say. */
function platformOf(name) {
  const parts = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => parts.includes(system)) ?? (/darwin/.test(name) ? "darwin" : undefined);
  const cpu = PROCESSORS.find((processor) => parts.includes(processor)) ?? (parts.includes("armhf") ? "arm" : undefined);
  const libc = /musl/.test(name) ? "musl" : /gnu/.test(name) ? "glibc" : undefined;
  if (os === undefined && cpu === undefined) return null;
  return { ...(cpu ? { cpu: [cpu] } : {}), ...(os ? { os: [os] } : {}), ...(libc ? { libc: [libc] } : {}) };
}

const added = [];
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const homes = [`${place}/node_modules/${name}`.replace(/^\//, ""), `node_modules/${name}`];
    if (homes.some((home) => lock.packages[home])) continue;
    const platform = platformOf(name);
    if (platform === null || !/^\d/.test(version)) {
      console.warn(`left alone: ${name}@${version} (wanted by ${place})`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = { version, ...(entry.dev ? { dev: true } : {}), optional: true, ...platform };
    added.push(`${name}@${version}`);
  }
}
const root = lock.packages[""];
delete lock.packages[""];
lock.packages = { "": root, ...Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} entries added`);
