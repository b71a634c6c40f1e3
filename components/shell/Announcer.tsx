// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect, useState } from "react";
import { createPicker, entriesOf } from "@/components/live/store";
import { useLiveValue } from "@/components/live/use-live";
import { type Standing, sayNews } from "./news";

/** Tells a screen reader, politely, what a glance would tell: who fell silent, who is back. Not every change: nobody could listen to that. */
export function Announcer() {
  const { store } = useLiveValue();
  const [news, setNews] = useState("");
  useEffect(() => {
    const pick = createPicker((slug, slice) =>
      entriesOf(slice, "node").map(([, { name, link }]) => ({ name: `${name} of ${slug}`, link })),
    );
    const now = (): Standing => ({ line: store.line(), nodes: pick(store.current()).flat() });
    let before = now();
    const stop = store.onView(() => {
      const after = now();
      const said = sayNews(before, after);
      before = after;
      if (said) setNews(said);
    });
    return () => {
      stop();
    };
  }, [store]);
  return (
    <p role="status" className="sr">
      {news}
    </p>
  );
}
