"""The load: thin clients of all five techniques, and those who publish.

One class of connection (connection.py) counts every byte at the socket for all of them; behind it stand parsers that
do no I/O, so that the clients of all techniques cost about the same and the harness does not measure itself. For the
same reason a client has no task and no queue: what arrives is noted where it is parsed. A task that waits for
messages would cost more than all the rest.
"""
