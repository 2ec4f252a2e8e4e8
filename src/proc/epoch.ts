/**
 * What the wall clocks of all machines show when a world is made: 2026-01-01 00:00:00 UTC, in seconds of Unix time. Virtual
 * time is added to it, so that `date`, the stamps of tcpdump and the payload of ping agree.
 */
export const EPOCH_SECONDS = 1_767_225_600
