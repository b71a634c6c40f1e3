// SPDX-License-Identifier: Apache-2.0
import { arraysLayer } from "./ArraysLayer";
import type { StackLayer } from "./define";
import { dlmLayer, ocfs2Layer } from "./LockLayers";
import { mountsLayer } from "./MountsLayer";
import { poolsLayer } from "./PoolsLayer";
import { rings } from "./Rings";
import { targetsLayer } from "./TargetsLayer";

/** The layers that look alike in every stack, from the top down. A new one is a file here and one line. */
export const LAYERS: readonly StackLayer[] = [targetsLayer, mountsLayer, arraysLayer, poolsLayer, ocfs2Layer, dlmLayer, rings];
