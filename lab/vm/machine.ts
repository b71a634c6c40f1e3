// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { netnsFile } from "@/lab/cluster/layout";
import { until } from "@/lab/cluster/until";
import { type Channel, type Ended, openChannel } from "./channel";
import type { Image } from "./image";
import { CABLES, type Cable, DISKS, type Layout, type MachinePlan } from "./layout";
import { order } from "./monitor";
import { tapOf } from "./network";
import { quietly } from "./quietly";

/** Under emulation, beside others on two cores, a boot of 15 s took a minute. */
const BOOT_MS = 600_000;
const COMMAND_SECONDS = 600;
/** Of the loopback of the lab's own namespace: nobody else listens there. */
const portOf = (machine: number, cable: number) => 7000 + 100 * machine + cable;

/**
 * One, with room for a second that never comes: where there can be one alone, qemu emulates no barriers between it and the devices, and
 * a card that was not told of its packets in time sends nothing any more. Source: qemu 7.2, `tcg_cpu_init_cflags`.
 */
const PROCESSORS = ["-smp", "1,maxcpus=2"];
/** Each packet tells a card of all that wait, so that none is forgotten. */
const CARD = "virtio-net-pci,event_idx=off";

/** What every machine of a lab starts from. */
export interface Boot {
  layout: Layout;
  image: Image;
  initrd: string;
}

/** Cards of a storage node's cables: datagrams from end to end, so that either may be off. A bridge would drop what LACP says. */
function cableArgs(plan: MachinePlan): string[] {
  return CABLES.flatMap((cable, index) => [
    "-netdev",
    `socket,id=${cable},udp=127.0.0.1:${portOf(3 - plan.id, index)},localaddr=127.0.0.1:${portOf(plan.id, index)}`,
    "-device",
    `${CARD},id=card-${cable},netdev=${cable},mac=52:54:00:00:0${plan.id}:0${index + 1}`,
  ]);
}

function qemuArgs(plan: MachinePlan, { image, initrd }: Boot): string[] {
  const file = (name: string) => path.join(plan.home, name);
  const words = `console=ttyS0 quiet loglevel=4 panic=1 net.ifnames=0 mitigations=off nokaslr lab.name=${plan.name} lab.address=${plan.address}`;
  const disk = (name: string, format: string) => ["-drive", `file=${file(name)},format=${format},if=virtio,cache=unsafe`];
  return [
    ..."-machine pc,usb=off -accel tcg,tb-size=128 -cpu max -m 512 -nodefaults -display none -no-reboot".split(" "),
    ...PROCESSORS,
    ...["-name", plan.name, "-kernel", image.kernel, "-initrd", initrd, "-append", words],
    ...disk("root.qcow2", "qcow2"),
    ...(plan.isStorage ? Object.keys(DISKS).flatMap((name) => disk(`${name}.raw`, "raw")) : []),
    ...["-netdev", `tap,id=lan,ifname=${tapOf(plan)},script=no,downscript=no`],
    ...["-device", `${CARD},netdev=lan,mac=52:54:00:00:0${plan.id}:00`],
    ...(plan.isStorage ? cableArgs(plan) : []),
    ...["-device", "virtio-serial-pci", "-chardev", `socket,id=lab,path=${file("channel")},server=on,wait=off`],
    ...["-device", "virtserialport,chardev=lab,name=lab", "-device", "virtio-rng-pci"],
    ...["-serial", `file:${file("kernel.log")}`, "-qmp", `unix:${file("monitor")},server=on,wait=off`],
  ];
}

/** One virtual machine, off. It ends with the process that runs the lab, however that one ends. */
export function tendMachine(plan: MachinePlan, boot: Boot) {
  const { home, name } = plan;
  let qemu: ChildProcess | null = null;
  let channel: Channel | null = null;

  function layDisks(): void {
    mkdirSync(home, { recursive: true });
    const root = path.join(home, "root.qcow2");
    if (!existsSync(root)) quietly("qemu-img", ["create", "-q", "-f", "qcow2", "-b", boot.image.root, "-F", "qcow2", root]);
    for (const [disk, mib] of Object.entries(plan.isStorage ? DISKS : {})) {
      const file = path.join(home, `${disk}.raw`);
      if (existsSync(file)) continue;
      writeFileSync(file, "");
      truncateSync(file, mib << 20);
    }
  }

  return {
    name,
    plan,
    isOn: () => qemu !== null,
    /** Resolves when the guest listens; what runs in it is started by whoever asked. @throws in words */
    async on(): Promise<void> {
      if (qemu !== null) return;
      layDisks();
      for (const socket of ["channel", "monitor"]) rmSync(path.join(home, socket), { force: true });
      const log = openSync(path.join(home, "qemu.log"), "a");
      const args = [`--net=${netnsFile(boot.layout.netns)}`, "setpriv", "--pdeathsig", "KILL", "qemu-system-x86_64"];
      const child = spawn("nsenter", [...args, ...qemuArgs(plan, boot)], { detached: true, stdio: ["ignore", log, log] });
      closeSync(log);
      qemu = child;
      child.once("error", () => undefined); // the wait below tells
      child.once("close", () => {
        channel?.close();
        if (qemu === child) qemu = channel = null;
      });
      const socket = path.join(home, "channel");
      const opened = await until(() => {
        if (qemu !== child)
          throw new Error(`${name}: qemu ended: ${readFileSync(path.join(home, "qemu.log"), "utf8").trim().split("\n").at(-1)}`);
        return existsSync(socket) ? openChannel(name, socket) : null;
      }, `${name}: qemu does not start`);
      channel = opened;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${name} did not boot within ${BOOT_MS / 1_000} s: see ${home}/kernel.log`)), BOOT_MS);
      });
      await Promise.race([opened.ready, late]).finally(() => clearTimeout(timer));
    },
    /** Pulls its plug. */
    async kill(): Promise<void> {
      const child = qemu;
      if (child === null) return;
      const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
      child.kill("SIGKILL");
      await gone;
    },
    /** The same without waiting, for a process that is about to end. */
    abandon: () => void qemu?.kill("SIGKILL"),
    /** One line, or a script, for the guest's bash. @throws when the machine is off or ends */
    async run(command: string, seconds = COMMAND_SECONDS): Promise<Ended> {
      if (channel === null) throw new Error(`${name} is off.`);
      return channel.run(command, seconds);
    },
    /** One that must succeed: what it said. @throws with its last words */
    async must(command: string, seconds?: number): Promise<string> {
      const { exitCode, stdout, stderr } = await this.run(command, seconds);
      if (exitCode !== 0) throw new Error(`${name}: ${command.slice(0, 200)}: exit ${exitCode}: ${(stderr || stdout).trim().slice(-600)}`);
      return stdout;
    },
    /** Writes a file in the guest. */
    async put(file: string, text: string, mode = "0644"): Promise<void> {
      const bytes = Buffer.from(text).toString("base64");
      await this.must(`mkdir -p "$(dirname ${file})" && base64 -d >${file} <<'X'\n${bytes}\nX\nchmod ${mode} ${file}`);
    },
    /** This machine's end of a cable: a card without link, or with it again. */
    async link(cable: Cable, isUp: boolean): Promise<void> {
      if (qemu !== null) await order(path.join(home, "monitor"), "set_link", { name: `card-${cable}`, up: isUp });
    },
  };
}
export type Machine = ReturnType<typeof tendMachine>;
