// SPDX-License-Identifier: Apache-2.0
import { WallOver } from "@/components/wall/WallOver";

export default WallOver;
