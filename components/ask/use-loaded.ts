// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect, useState } from "react";

/** A part of the page that comes with its first showing: not there yet, there, or not to be had. */
export type Loaded<T> = { is: "loading" } | { is: "there"; module: T } | { is: "unreachable" };

/** Loads a part of the page once it is wanted. `load` must be the same from one rendering to the next. */
export function useLoaded<T>(load: () => Promise<T>, isWanted = true): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ is: "loading" });
  useEffect(() => {
    let isHere = true;
    if (isWanted)
      load().then(
        (module) => isHere && setLoaded({ is: "there", module }),
        () => isHere && setLoaded({ is: "unreachable" }),
      );
    return () => {
      isHere = false;
    };
  }, [load, isWanted]);
  return loaded;
}
