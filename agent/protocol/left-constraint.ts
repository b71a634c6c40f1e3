// SPDX-License-Identifier: Apache-2.0

/** Ids of constraints that tools leave behind; what an admin wrote has other names. */
export const LEFT_BY_TOOL = /^(cli-(prefer|ban|standby)|drbd-fence-by-handler)-[A-Za-z0-9._-]{1,200}$/;
