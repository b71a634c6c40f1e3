// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

/** One line of the kernel log that concerns storage, links or the life of the node. */
export const KernelLine = z.object({
  /** The kernel's own sequence number; with the boot id it names the line. */
  kmsgSeq: z.number().int().nonnegative(),
  atMs: z.number().int(),
  /** 0 (emergency) to 7 (debug). */
  priority: z.number().int().min(0).max(7),
  topic: z.enum(["drbd", "bond", "aoe", "iscsi", "disk", "hung", "memory", "other"]),
  text: z.string().max(1_000),
});
export type KernelLine = z.infer<typeof KernelLine>;

/** The newest lines (at most 50), oldest first. Each new line also travels by itself, at once. */
export const KernelLog = z.object({ lines: z.array(KernelLine).max(50) });
export type KernelLog = z.infer<typeof KernelLog>;
