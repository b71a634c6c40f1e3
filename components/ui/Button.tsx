// SPDX-License-Identifier: Apache-2.0
import type { ComponentProps } from "react";

/** `prime` is the one that acts; no button is red or green. */
export function Button({ prime = false, small = false, ...rest }: ComponentProps<"button"> & { prime?: boolean; small?: boolean }) {
  return <button type="button" {...rest} className={`btn${prime ? " prime" : ""}${small ? " s" : ""}`} />;
}
