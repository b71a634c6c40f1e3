// SPDX-License-Identifier: Apache-2.0
import type { KernelLine } from "@/agent/protocol/model/kernel-log";

type Topic = KernelLine["topic"];

/**
 * Which lines are ours, the first that fits decides. Ordered by what matters most to the reader: a hung task that names drbd
 * is a hang, an I/O error on an AoE device is a disk's error.
 * Source: the printing code of drivers/block/{drbd,aoe}, drivers/net/bonding, drivers/target, drivers/scsi, block/, drivers/md,
 * mm/oom_kill.c, kernel/hung_task.c, drivers/edac, Linux 2.6.32 to 6.12.
 */
const TOPICS: ReadonlyArray<readonly [Topic, RegExp]> = [
  [
    "hung",
    /\bblocked (for more than|in I\/O wait for more than) \d+ seconds|\b(soft|hard) lockup\b|\brcu\w*.*\b(detected stalls|self-detected stall)/i,
  ],
  ["memory", /\bout of memory\b|\boom-kill|\binvoked oom-killer\b|\boom_reaper\b|^EDAC\b|\bMemory failure:|\[Hardware Error\]/i],
  ["drbd", /^(block )?drbd/i],
  [
    "disk",
    /\bI\/O errors?\b|\bIO errors?\b|\bblk_update_request\b|\bcritical (medium|target|space allocation) error\b|\brejecting I\/O to\b/i,
  ],
  [
    "disk",
    /^EXT[234]-fs (error|warning)|^EXT[234]-fs .*(remounting|abort|corrupt|failed)|^XFS\b.*(error|corrupt|shut|fail)|^JBD2?: |^Aborting journal\b/i,
  ],
  [
    "disk",
    /^md(\/\S+|\d\S*)?: |^(device-mapper|dm-\d+): .*(fail|error)|^(ZFS|SPL)\b.*(error|panic|fail)|ocfs2|\bo2(net|hb|cb|dlm)\b|^dlm\b/i,
  ],
  [
    "disk",
    /^sd \S+ .*(FAILED|Sense Key|Add\. Sense|offline)|^ata\d\S*: .*(error|fail|exception|reset)|^nvme.*(timeout|abort|reset|fail|error)/i,
  ],
  ["aoe", /^aoe\b|\betherd[!/]/i],
  ["iscsi", /iscsi|\biqn\.\d{4}-|\bTARGET_CORE\b|\btarget_core_|\btcm_|^(connection\d+:\d+|session\d+): |^rx_data\b|^LIO\b/i],
  [
    "bond",
    /^bonding: |\((slave|port) \S+\): |\blink status (definitely )?(up|down)\b|^\S+( \(unregistering\))?: (active interface up|released all slaves)/i,
  ],
  ["bond", /^\S+: (now running without any active interface|warning: no 802\.3ad response)/i],
  ["other", /^Kernel panic|^BUG: |^Oops\b|\bkernel BUG at\b|^general protection fault|^sysrq: |^watchdog\b|^reboot: |^Linux version \d/i],
  ["other", /\bNETDEV WATCHDOG\b|\blink( is)? (up|down)\b|^mce: |\bthermal\b.*\b(critical|shut)/i],
];

/** What a kernel line is about; null when it concerns neither storage, nor links, nor the life of the node. */
export function topicOf(text: string): Topic | null {
  return TOPICS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
