// SPDX-License-Identifier: Apache-2.0
import { Fragment } from "react";

/** Keys to press, one after the other. */
export function Keys({ press }: { press: readonly string[] }) {
  return press.map((key, index) => (
    <Fragment key={key}>
      {index > 0 && " "}
      <kbd>{key}</kbd>
    </Fragment>
  ));
}
