"""The network to break: a relay that delays, limits, cuts and stalls what passes through it."""
