// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { quietly } from "./quietly";

/** What a guest is made of, beside the kernel: Debian's stock tools of a storage cluster, and no service manager. */
const PACKAGES =
  "aoetools bash busybox-static ca-certificates corosync crmsh dbus dmsetup drbd-utils e2fsprogs ethtool iproute2 iputils-arping iputils-ping kmod libstdc++6 open-iscsi pacemaker pacemaker-cli-utils procps psmisc python3 resource-agents targetcli-fb udev vblade".split(
    " ",
  );
const SUITE = "bookworm";
const SOURCES = [
  `deb http://deb.debian.org/debian ${SUITE} main`,
  `deb http://deb.debian.org/debian ${SUITE}-updates main`,
  `deb http://deb.debian.org/debian-security ${SUITE}-security main`,
];
/** Nobody reads a manual in a guest. */
const LEFT_OUT = ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/info/*"];
/** Families of drivers that no virtual machine has: two thirds of all modules. */
const NO_DRIVERS =
  "sound drivers/gpu drivers/media drivers/staging drivers/infiniband drivers/usb drivers/iio drivers/hwmon drivers/hid drivers/input drivers/comedi drivers/mtd drivers/video drivers/isdn drivers/platform drivers/mmc drivers/bluetooth net/mac80211 net/wireless net/bluetooth".split(
    " ",
  );
/** Network drivers that stay. */
const NETWORK_DRIVERS = new Set(["bonding", "virtio_net.ko", "net_failover.ko", "dummy.ko"]);
/** What must be loaded to reach the root disk, in this order; what each needs comes before it. */
const FIRST_MODULES = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4"];
/** Raise it when this file makes something else of the same parts. */
const RECIPE = 2;

/** Files of a guest's image, in the cache. */
export interface Image {
  /** Root disk, qcow2; never written: every machine has its own layer above it. */
  root: string;
  kernel: string;
  /** busybox, and the first modules with their order in `modules`. */
  boot: string;
}

const cacheDir = () => path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "quarterdeck/vm");

/** The guests' image: from the cache when it was made of the same parts, else made now, which takes two minutes. @throws in words */
export function guestImage(say: (sentence: string) => void): Image {
  const parts = JSON.stringify([RECIPE, PACKAGES, SOURCES, LEFT_OUT, NO_DRIVERS, [...NETWORK_DRIVERS], FIRST_MODULES, process.version]);
  const home = path.join(cacheDir(), createHash("sha256").update(parts).digest("hex").slice(0, 16));
  const image = { root: path.join(home, "root.qcow2"), kernel: path.join(home, "vmlinuz"), boot: path.join(home, "boot") };
  if (existsSync(image.root)) return image;
  say("the guests' image is made, once: about two minutes");
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(path.join(cacheDir(), "making-"));
  try {
    make(work);
    // Whole or not at all; one that another run made meanwhile is as good.
    if (!existsSync(home)) renameSync(path.join(work, "image"), home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  for (const other of readdirSync(cacheDir()))
    if (other !== path.basename(home) && !other.startsWith("making-")) rmSync(path.join(cacheDir(), other), { recursive: true });
  return image;
}

function make(work: string): void {
  const rootfs = path.join(work, "rootfs");
  const image = path.join(work, "image");
  mkdirSync(path.join(image, "boot/m"), { recursive: true });
  quietly("mmdebstrap", [
    "--mode=root",
    "--variant=minbase",
    `--include=${PACKAGES.join(",")}`,
    '--aptopt=Acquire::Languages "none"',
    ...LEFT_OUT.map((glob) => `--dpkgopt=path-exclude=${glob}`),
    `--customize-hook=${KERNEL_HOOK}`,
    SUITE,
    rootfs,
    ...SOURCES,
  ]);
  const [version = ""] = readdirSync(path.join(rootfs, "kernel/lib/modules"));
  cpSync(path.join(rootfs, `kernel/boot/vmlinuz-${version}`), path.join(image, "vmlinuz"));
  layModules(rootfs, version);
  rmSync(path.join(rootfs, "kernel"), { recursive: true });
  takeBootFiles(rootfs, version, path.join(image, "boot"));
  // The machine's own Node runs in a guest of the same or a newer Debian; the agent needs nothing else.
  cpSync(process.execPath, path.join(rootfs, "usr/bin/node"), { dereference: true });
  chmodSync(path.join(rootfs, "usr/bin/node"), 0o755);
  mkdirSync(path.join(rootfs, "lab"));
  const raw = path.join(work, "root.ext4");
  quietly("truncate", ["-s", "1500M", raw]);
  quietly("mke2fs", ["-q", "-t", "ext4", "-d", rootfs, "-m", "0", "-L", "labroot", raw]);
  quietly("qemu-img", ["convert", "-O", "qcow2", raw, path.join(image, "root.qcow2")]);
}

/** Debian's generic kernel, unpacked beside the guest's files and not installed: its scripts would make an initrd. */
const KERNEL_HOOK = `
set -e
package=$(chroot "$1" apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \\(linux-image-[0-9].*\\)/\\1/p' | head -n 1)
chroot "$1" sh -c "cd /tmp && apt-get -o APT::Sandbox::User=root download $package"
mkdir "$1/kernel"
dpkg-deb -x "$1"/tmp/linux-image-*.deb "$1/kernel"
rm "$1"/tmp/linux-image-*.deb`;

function layModules(rootfs: string, version: string): void {
  const from = path.join(rootfs, "kernel/lib/modules", version);
  const to = path.join(rootfs, "usr/lib/modules", version);
  for (const folder of NO_DRIVERS) rmSync(path.join(from, "kernel", folder), { recursive: true, force: true });
  const network = path.join(from, "kernel/drivers/net");
  for (const driver of readdirSync(network)) if (!NETWORK_DRIVERS.has(driver)) rmSync(path.join(network, driver), { recursive: true });
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  quietly("chroot", [rootfs, "/sbin/depmod", "-a", version]);
}

function takeBootFiles(rootfs: string, version: string, boot: string): void {
  cpSync(path.join(rootfs, "bin/busybox"), path.join(boot, "busybox"));
  const order = new Set<string>();
  for (const name of FIRST_MODULES) {
    const said = quietly("chroot", [rootfs, "/sbin/modprobe", "-S", version, "--show-depends", name]);
    for (const [, file = ""] of said.matchAll(/^insmod (\S+)/gm)) order.add(file);
  }
  for (const file of order) cpSync(path.join(rootfs, file), path.join(boot, "m", path.basename(file)));
  writeFileSync(path.join(boot, "modules"), [...order].map((file) => `${path.basename(file)}\n`).join(""));
  if (readFileSync(path.join(boot, "modules"), "utf8") === "") throw new Error("The guests' kernel has no modules for its root disk.");
}
