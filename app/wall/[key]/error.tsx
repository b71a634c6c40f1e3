// SPDX-License-Identifier: Apache-2.0
"use client";
import { WallBroken } from "@/components/wall/WallBroken";

export default WallBroken;
