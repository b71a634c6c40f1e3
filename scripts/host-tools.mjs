// SPDX-License-Identifier: Apache-2.0
// What the tests need of the machine beside Node: found, else installed from Debian where that is allowed, else a clear failure.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const firstOf = (paths) => paths.find((candidate) => existsSync(candidate)) ?? null;

/** The Chromium of the browser tests: `$PLAYWRIGHT_CHROMIUM`, then the usual places; null when there is none. */
export function findChromium(env = process.env) {
  if (env.PLAYWRIGHT_CHROMIUM) return firstOf([env.PLAYWRIGHT_CHROMIUM]);
  return firstOf(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]);
}

const NEEDS = [
  {
    name: "Chromium",
    find: () => findChromium(),
    packages: ["chromium", "fonts-liberation"],
    otherwise: ["npx", ["playwright", "install", "chromium"]],
  },
  { name: "ip", find: () => firstOf(["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"]), packages: ["iproute2"] },
  { name: "crm_mon", find: () => firstOf(["/usr/sbin/crm_mon", "/usr/bin/crm_mon"]), packages: ["pacemaker-cli-utils"] },
  { name: "Corosync", find: () => firstOf(["/usr/sbin/corosync"]), packages: ["corosync"] },
  { name: "Pacemaker", find: () => firstOf(["/usr/sbin/pacemakerd"]), packages: ["pacemaker"] },
  { name: "promtool", find: () => firstOf(["/usr/bin/promtool"]), packages: ["prometheus"] },
  {
    name: "ha_cluster_exporter",
    find: () => firstOf(["/usr/bin/ha_cluster_exporter"]),
    packages: ["prometheus-hacluster-exporter"],
  },
  { name: "Prometheus", find: () => firstOf(["/usr/bin/prometheus"]), packages: ["prometheus"] },
  { name: "Alertmanager", find: () => firstOf(["/usr/bin/prometheus-alertmanager"]), packages: ["prometheus-alertmanager"] },
  { name: "a mail server", find: () => firstOf(["/usr/bin/aiosmtpd"]), packages: ["python3-aiosmtpd"] },
  {
    name: "Pacemaker's resource agents",
    find: () => firstOf(["/usr/lib/ocf/resource.d/pacemaker/Dummy"]),
    packages: ["pacemaker-resource-agents", "resource-agents"],
  },
];

/** Of the lab of virtual machines alone: `host-tools.mjs vm`. */
const VM_NEEDS = [
  { name: "qemu", find: () => firstOf(["/usr/bin/qemu-system-x86_64"]), packages: ["qemu-system-x86"] },
  { name: "qemu-img", find: () => firstOf(["/usr/bin/qemu-img"]), packages: ["qemu-utils"] },
  { name: "mmdebstrap", find: () => firstOf(["/usr/bin/mmdebstrap"]), packages: ["mmdebstrap"] },
  { name: "cpio", find: () => firstOf(["/usr/bin/cpio", "/bin/cpio"]), packages: ["cpio"] },
];

function installFromDebian(packages) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const apt = (...args) =>
    spawnSync("apt-get", ["-o", "DPkg::Lock::Timeout=300", ...args], {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  apt("update");
  apt("install", "-y", "--no-install-recommends", ...packages);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const needs = process.argv.includes("vm") ? [...NEEDS, ...VM_NEEDS] : NEEDS;
  const missing = needs.filter(({ find }) => find() === null);
  if (missing.length > 0) installFromDebian(missing.flatMap(({ packages }) => packages));
  for (const { find, otherwise } of missing) if (find() === null && otherwise) spawnSync(otherwise[0], otherwise[1], { stdio: "inherit" });
  const still = needs.filter(({ find }) => find() === null);
  for (const { name, packages } of still)
    console.error(
      `The tests need ${name}: install Debian's ${packages.join(" ")}${name === "Chromium" ? ", or set PLAYWRIGHT_CHROMIUM" : ""}.`,
    );
  for (const { name, find } of needs) if (find() !== null) console.log(`${name}: ${find()}`);
  process.exit(still.length === 0 ? 0 : 1);
}
