// SPDX-License-Identifier: Apache-2.0
import type { Cluster, Mirror, MirrorLink } from "./model";
import { copyOf, otherEnd } from "./model";
import { print, type Scene } from "./scene";

/** What one side of a link says in the kernel log; each line names the object that 8.3, 8.4 and 9 put in front. */
export function sayOnLink(
  scene: Scene,
  cluster: Cluster,
  mirror: Mirror,
  link: MirrorLink,
  say: (self: string, other: string, voice: Voice) => string[],
): void {
  for (const self of [link.a, link.b]) {
    const node = cluster.nodes.find((candidate) => candidate.name === self);
    if (!node?.drbd || node.power !== "on") continue;
    const other = otherEnd(link, self);
    for (const line of say(self, other, voiceOf(mirror, self, other, node.drbd.generation))) print(scene, node, line);
  }
}

/** How a generation of DRBD names what its lines are about. */
export interface Voice {
  isNine: boolean;
  /** Of the connection: "drbd store:", "block drbd0:" on 8.3, "drbd store crystal:" on 9. */
  connection: string;
  /** Of the volume: "block drbd0:", on 9 "drbd store/0 drbd0 crystal:". */
  volume: string;
}

function voiceOf(mirror: Mirror, self: string, other: string, generation: "8.3" | "8.4" | "9"): Voice {
  const { minor } = copyOf(mirror, self);
  const block = `block drbd${minor}:`;
  if (generation === "9") {
    return { isNine: true, connection: `drbd ${mirror.name} ${other}:`, volume: `drbd ${mirror.name}/0 drbd${minor} ${other}:` };
  }
  return { isNine: false, connection: generation === "8.3" ? block : `drbd ${mirror.name}:`, volume: block };
}

/** The connection went away without a goodbye. `reached`: how far a verify had come. */
export function lostLines(
  voice: Voice,
  peerRole: string,
  wasReplicating: string,
  peerDisk: string,
  reached: readonly string[] = [],
): string[] {
  const { connection, volume, isNine } = voice;
  const back = isNine ? "Connecting" : "WFConnection";
  const states = isNine
    ? [
        `${connection} conn( Connected -> NetworkFailure ) peer( ${peerRole} -> Unknown )`,
        `${volume} pdsk( ${peerDisk} -> DUnknown ) repl( ${wasReplicating} -> Off )`,
      ]
    : [`${connection} peer( ${peerRole} -> Unknown ) conn( ${wasReplicating} -> NetworkFailure ) pdsk( ${peerDisk} -> DUnknown ) `];
  return [
    `${connection} PingAck did not arrive in time.`,
    ...reached,
    ...states,
    `${connection} Connection closed`,
    `${connection} conn( NetworkFailure -> Unconnected )${isNine ? "" : " "}`,
    `${connection} conn( Unconnected -> ${back} )${isNine ? "" : " "}`,
  ];
}

/** One side was told to leave (`drbdadm down`), the other is told so. Held to a capture of 8.4.11. */
export function goodbyeLines(voice: Voice, isLeaving: boolean, peerRole: string, wasReplicating: string, peerDisk: string): string[] {
  const { connection, volume, isNine } = voice;
  const word = isLeaving ? "Disconnecting" : "TearDown";
  const after = isLeaving
    ? [[word, "StandAlone"]]
    : [
        [word, "Unconnected"],
        ["Unconnected", isNine ? "Connecting" : "WFConnection"],
      ];
  return [
    ...(isNine
      ? [
          `${connection} conn( Connected -> ${word} ) peer( ${peerRole} -> Unknown )`,
          `${volume} pdsk( ${peerDisk} -> DUnknown ) repl( ${wasReplicating} -> Off )`,
        ]
      : [`${connection} peer( ${peerRole} -> Unknown ) conn( ${wasReplicating} -> ${word} ) pdsk( ${peerDisk} -> DUnknown ) `]),
    `${connection} Connection closed`,
    ...after.map(([from, to]) => `${connection} conn( ${from} -> ${to} )${isNine ? "" : " "}`),
  ];
}

/** The sides greet each other. */
export function greetingLines(voice: Voice): string[] {
  if (voice.isNine) return [`${voice.connection} Handshake to peer successful: Agreed network protocol version 122`];
  return [
    `${voice.connection} Handshake successful: Agreed network protocol version 101`,
    `${voice.connection} conn( WFConnection -> WFReportParams ) `,
  ];
}

/** They agreed and nothing has to be copied. */
export function agreedLines(voice: Voice, peerRole: string): string[] {
  if (voice.isNine) {
    return [
      `${voice.connection} conn( Connecting -> Connected ) peer( Unknown -> ${peerRole} )`,
      `${voice.volume} pdsk( DUnknown -> UpToDate ) repl( Off -> Established )`,
    ];
  }
  return [`${voice.volume} peer( Unknown -> ${peerRole} ) conn( WFReportParams -> Connected ) pdsk( DUnknown -> UpToDate ) `];
}

/** They greeted each other, and neither will give up what it wrote alone. Held to a capture of 8.4.11. */
export function splitBrainLines(voice: Voice, minor: number): string[] {
  const { connection, volume, isNine } = voice;
  const helper = (name: string) =>
    isNine
      ? [`${connection} helper command: /sbin/drbdadm ${name}`, `${connection} helper command: /sbin/drbdadm ${name} exit code 0`]
      : [
          `${volume} helper command: /sbin/drbdadm ${name} minor-${minor}`,
          `${volume} helper command: /sbin/drbdadm ${name} minor-${minor} exit code 0 (0x0)`,
        ];
  return [
    ...helper("initial-split-brain"),
    `${volume} Split-Brain detected but unresolved, dropping connection!`,
    ...helper("split-brain"),
    isNine ? `${connection} conn( Connecting -> Disconnecting )` : `${connection} conn( WFReportParams -> Disconnecting ) `,
    `${connection} Connection closed`,
    isNine ? `${connection} conn( Disconnecting -> StandAlone )` : `${connection} conn( Disconnecting -> StandAlone ) `,
  ];
}

/** A resync begins. */
export function resyncBeginsLines(voice: Voice, isSource: boolean, peerRole: string, kib: number): string[] {
  const word = isSource ? "SyncSource" : "SyncTarget";
  const bits = Math.round(kib / 4);
  const began = `${voice.volume} Began resync as ${word} (will sync ${kib} KB [${bits} bits set]).`;
  if (voice.isNine) {
    const disks = isSource ? "pdsk( DUnknown -> Inconsistent )" : "disk( Outdated -> Inconsistent ) pdsk( DUnknown -> UpToDate )";
    return [
      `${voice.connection} conn( Connecting -> Connected ) peer( Unknown -> ${peerRole} )`,
      `${voice.volume} ${disks} repl( Off -> ${word} )`,
      began,
    ];
  }
  return isSource
    ? [
        `${voice.volume} peer( Unknown -> ${peerRole} ) conn( WFReportParams -> WFBitMapS ) pdsk( DUnknown -> Consistent ) `,
        `${voice.volume} conn( WFBitMapS -> SyncSource ) pdsk( Consistent -> Inconsistent ) `,
        began,
      ]
    : [
        `${voice.volume} peer( Unknown -> ${peerRole} ) conn( WFReportParams -> WFBitMapT ) disk( UpToDate -> Outdated ) pdsk( DUnknown -> UpToDate ) `,
        `${voice.volume} conn( WFSyncUUID -> SyncTarget ) disk( Outdated -> Inconsistent ) `,
        began,
      ];
}

/** A resync is through. */
export function resyncDoneLines(voice: Voice, isSource: boolean, seconds: number, kibPerSec: number): string[] {
  const done = `${voice.volume} Resync done (total ${seconds} sec; paused 0 sec; ${kibPerSec} K/sec)`;
  const disks = isSource ? "pdsk( Inconsistent -> UpToDate )" : "disk( Inconsistent -> UpToDate )";
  const word = isSource ? "SyncSource" : "SyncTarget";
  return voice.isNine
    ? [done, `${voice.volume} ${disks} repl( ${word} -> Established )`]
    : [done, `${voice.volume} conn( ${word} -> Connected ) ${disks} `];
}

/** A verify is through. */
export function verifyDoneLines(voice: Voice, isStarter: boolean, seconds: number, kibPerSec: number, outOfSyncKib: number): string[] {
  const word = isStarter ? "VerifyS" : "VerifyT";
  const found = outOfSyncKib > 0 ? [`${voice.volume} Online verify found ${Math.round(outOfSyncKib / 4)} 4k block out of sync!`] : [];
  const state = voice.isNine ? `${voice.volume} repl( ${word} -> Established )` : `${voice.volume} conn( ${word} -> Connected ) `;
  return [`${voice.volume} Online verify done (total ${seconds} sec; paused 0 sec; ${kibPerSec} K/sec)`, ...found, state];
}

/** A verify begins. */
export function verifyBeginsLines(voice: Voice, isStarter: boolean, startSector: number): string[] {
  const word = isStarter ? "VerifyS" : "VerifyT";
  const state = voice.isNine ? `${voice.volume} repl( Established -> ${word} )` : `${voice.volume} conn( Connected -> ${word} ) `;
  return [
    state,
    isStarter
      ? `${voice.volume} Starting Online Verify from sector ${startSector}`
      : `${voice.volume} Online Verify start sector: ${startSector}`,
  ];
}

/** A connected side takes blocks from the other, all or those that are marked: `drbdadm invalidate` of DRBD 9. */
export function takesBlocksLines({ volume }: Voice, isSource: boolean, kib: number, isWhole: boolean): string[] {
  const [word, first] = isSource ? ["SyncSource", "WFBitMapS"] : ["SyncTarget", isWhole ? "StartingSyncT" : "WFBitMapT"];
  const disk = isSource ? "pdsk( UpToDate -> Inconsistent )" : "disk( UpToDate -> Inconsistent )";
  return [
    `${volume} repl( Established -> ${first} )`,
    `${volume} ${disk} repl( ${first} -> ${word} )`,
    `${volume} Began resync as ${word} (will sync ${kib} KB [${Math.round(kib / 4)} bits set]).`,
  ];
}
