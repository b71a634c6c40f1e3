// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

// What checks the console's answers: loaded with the first answer, not with the page.
export { decode } from "@/agent/protocol/decode";
export { ErrorBody } from "@/agent/protocol/errors";

/** For answers whose body does not matter. */
export const Nothing = z.unknown();
