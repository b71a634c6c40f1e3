// SPDX-License-Identifier: Apache-2.0

/** A path from a client's device down to the backing disk, as one line of words. */
export function Way({ of, steps }: { of: string; steps: readonly string[] }) {
  return (
    <ol className="way" aria-label={`Way of ${of} down to its disk`}>
      <li>
        <code>{of}</code>
      </li>
      {steps.map((step, index) => (
        <li key={steps.slice(0, index + 1).join("/")}>{step}</li>
      ))}
    </ol>
  );
}
