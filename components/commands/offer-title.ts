// SPDX-License-Identifier: Apache-2.0

/** An offer's title with what it is about: "Standby ruby", "g_mail: Move to another node". A title that names it already stays. */
export function offerTitle(title: string, subject: string | null): string {
  if (subject === null || title.includes(subject)) return title;
  return title.includes(" ") ? `${subject}: ${title}` : `${title} ${subject}`;
}
