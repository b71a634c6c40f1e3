// SPDX-License-Identifier: Apache-2.0
"use client";
import { type RefObject, useLayoutEffect, useState } from "react";

/** How wide an element is, in CSS px, as it changes; null before it stands on the page. */
export function useWidth(element: RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const size = new ResizeObserver(() => setWidth(current.clientWidth));
    size.observe(current);
    return () => size.disconnect();
  }, [element]);
  return width;
}
