// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Unread } from "../errors";

/** One lockspace of the kernel's DLM, joined with what dlm_controld says of it. */
export const DlmLockspace = z.object({
  name: z.string(),
  /** "0x45d1d4f1". */
  id: z.string().nullable(),
  /** The kernel has it; null where sysfs could not be read. */
  inKernel: z.boolean().nullable(),
  /** dlm_controld lists it; null where dlm_tool is not installed or could not be read. */
  inDaemon: z.boolean().nullable(),
  /** As printed: "kern_stop", "join", "leave", "need_plock", "fs_reg", "save_plock". */
  flags: z.array(z.string()),
  /** Numbers of the nodes in it, by dlm_controld's word. */
  members: z.array(z.number().int()).nullable(),
  /** The line "new status" as printed, while a change of members is under way; null when none is. */
  newStatus: z.string().nullable(),
  /** What that change waits for, as printed: "fencing", "quorum", "fs"; null when for nothing. */
  waitsFor: z.string().nullable(),
  /** The kernel's own flags of the recovery, hexadecimal as printed. */
  recoverStatus: z.string().nullable(),
  /** Number of the node that the recovery last spoke with. */
  recoverNodeId: z.number().int().nullable(),
  /** True: it has no resource directory. */
  hasNoDirectory: z.boolean().nullable(),
});
export type DlmLockspace = z.infer<typeof DlmLockspace>;

/** dlm_controld's word on its cluster: `dlm_tool status`. */
export const DlmDaemon = z.object({
  nodeId: z.number().int().nullable(),
  isQuorate: z.boolean().nullable(),
  /** The process that fences now; null when none does. */
  fencePid: z.number().int().nullable(),
  /** `isMember` is the letter M; every other letter is a node that is not one now. */
  nodes: z.array(z.object({ nodeId: z.number().int(), isMember: z.boolean() })),
});
export type DlmDaemon = z.infer<typeof DlmDaemon>;

/** The kernel's distributed lock manager on one node. */
export const Dlm = z.object({
  lockspaces: z.array(DlmLockspace),
  /** Null: dlm_tool is not installed, could not be read, or no dlm_controld answers it; `unread` tells the second. */
  daemon: DlmDaemon.nullable(),
  unread: z.array(Unread),
});
export type Dlm = z.infer<typeof Dlm>;
