// SPDX-License-Identifier: Apache-2.0

/** The heads of a table's columns. `acts`: a last column of buttons, whose head is for screen readers only. */
export function ColumnHeads({ names, acts = false }: { names: readonly string[]; acts?: boolean }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        {acts && (
          <th scope="col">
            <span className="sr">Acts</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
