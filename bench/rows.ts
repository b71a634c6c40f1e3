// SPDX-License-Identifier: Apache-2.0
import { agentIdle } from "./agent-idle";
import { bigPage } from "./big-page";
import { bytes } from "./bytes";
import { cib } from "./cib";
import { fanOut, fanOutLarge } from "./fan-out";
import { faults } from "./faults/faults";
import { firstLoad } from "./first-load";
import { metricsScrape } from "./metrics-scrape";
import { pixel } from "./pixel";
import type { Measurement } from "./row";
import { secondStart } from "./second-start";
import { timelineYear } from "./timeline-year";
import { wallHeap } from "./wall-heap";

/** Everything that is measured; a new one is one file and one line here. */
export const MEASUREMENTS: readonly Measurement[] = [
  agentIdle,
  pixel,
  faults,
  cib,
  fanOut,
  fanOutLarge,
  bytes,
  bigPage,
  firstLoad,
  secondStart,
  timelineYear,
  metricsScrape,
  wallHeap,
];
