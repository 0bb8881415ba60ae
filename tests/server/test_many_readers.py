"""Ten thousand readers in one process, by all techniques at once."""

import asyncio
import resource

import pytest

from benchmarks.fanout.broadcasts import Broadcasts
from benchmarks.fanout.measuring import READERS, let_in
from benchmarks.fanout.publisher import Publisher
from benchmarks.peers.peer import PEERS
from pushdemo.network import raise_open_files_limit
from tests.support.until import until

MOST_READERS = 10_000
OTHER_FILES = 500
"""What a process has open besides its readers."""
MESSAGES = 10
P99_MS = 400


@pytest.mark.long
async def test_ten_thousand_readers_of_all_techniques_get_every_message_and_soon() -> None:
    raise_open_files_limit()
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    each = min(MOST_READERS, files - OTHER_FILES) // len(READERS)
    async with PEERS["pushdemo"].start() as server:
        broadcasts = Broadcasts(each * len(READERS))
        readers = [kind(server.port, broadcasts) for kind in READERS.values() for _ in range(each)]
        try:
            for place in range(0, len(readers), each):
                await let_in(readers[place : place + each], server.port)
            _, publisher = await asyncio.get_running_loop().create_connection(
                lambda: Publisher(server.port, 100, 1, broadcasts), "127.0.0.1", server.port
            )
            broadcasts.post = publisher.post
            broadcasts.start(1)
            await until(
                lambda: broadcasts.published > MESSAGES or broadcasts.trouble, "one after the other is published"
            )
            await broadcasts.drain()
            publisher.close()
        finally:
            for reader in readers:
                reader.close()
    assert not broadcasts.trouble
    assert (broadcasts.lost, broadcasts.doubled, broadcasts.reordered) == (0, 0, 0)
    latencies_ms = sorted(broadcasts.latencies_ms(0, len(broadcasts.at_ns)))
    assert len(latencies_ms) == len(readers) * broadcasts.published
    assert latencies_ms[len(latencies_ms) * 99 // 100] < P99_MS
