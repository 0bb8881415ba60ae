"""The crowd: simulated phones that read a class's room, so that thirty students become a thousand readers.

`python -m benchmarks crowd` is a process beside the server. Its readers are the benchmark's thin clients, spread evenly
over the techniques; they connect to the server itself and not through a group's port, and say who they are by the
User-Agent `pushdemo-crowd`.

What its delays are, and what they are not: a delay is the arrival by this machine's wall clock minus the message's
`sent_at`. Where the crowd runs on the server's machine, as `pushdemo class` has it, both are readings of one and the
same clock, and nothing is estimated; a step of that clock moves the delays of the messages under way. Run elsewhere,
the difference of the two clocks is in every delay. `sent_at` is a whole millisecond, rounded down, so that a delay is
too great by up to 1 ms. The crowd has the processor to share with the server: where the figure `cpu` comes near a
core, or both together near what the machine has, the delays are also the crowd's own.
"""
