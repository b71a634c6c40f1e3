// SPDX-License-Identifier: Apache-2.0

/** The mark: two rails and two rungs. */
export function Mark() {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d="M1 4.5h14M1 11.5h14M4.5 4.5v7M11.5 4.5v7" stroke="currentColor" strokeWidth="1.6" fill="none" />
    </svg>
  );
}
