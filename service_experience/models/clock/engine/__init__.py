"""What facts do to timers, in memory: read once, played in the order of time, written at once."""
