// SPDX-License-Identifier: Apache-2.0
import "react";

declare module "react" {
  // Custom properties carry the few numbers that the stylesheet cannot know.
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
