"""What one message to many readers costs a server: `python -m benchmarks fanout`.

A closed loop: W broadcasts are under way at a time, and the next message is published when one of them has reached
every reader. So a server is always busy and never swamped, and what is measured is what it needs for one delivery:
CPU time of all its processes by deliveries. (`python -m benchmarks run` is an open model: it asks what a load does to
a server, this asks what a delivery costs it.)

The unit is the floor of the same repeat (benchmarks/peers/floor.py), the least that Python can spend while it writes
once per delivery. Absolute microseconds move twofold with what else the machine does; ratios of figures that were
measured one after the other move far less. Below one floor is who writes less often than once per delivery: what comes
while a round of writing lasts is joined, and goes out in one write.

The harness costs too, and shares a machine with what it measures. So its readers parse next to nothing: every text ends
with a mark that occurs nowhere else (`marks`), a read is split at it, and arrivals are compared with what has to come
next. That takes about one microsecond of Python, beside what the kernel takes for the read. What it comes to stands
beside every figure, for a p99 over a thousand readers contains the time in which a thousand sockets are read.

Messages are published by as many connections as broadcasts are under way, so it is the server that puts them in order;
that order is taken from whichever reader gets a message first, and everybody else is held to it.

Three limits. A control frame is answered only where it lies whole in one read. A reader that the server drops is not
replaced: that ends this server's turn, and is told. And generator and server share a machine, its caches and its
memory, each on a core of its own.
"""
