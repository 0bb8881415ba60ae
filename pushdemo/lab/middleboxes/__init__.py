"""Boxes between the network and the server as there are in the real world, each with the one thing that it changes."""

from typing import TYPE_CHECKING

from pushdemo.lab.middlebox import BoxMaker, chain
from pushdemo.lab.middleboxes.buffering import buffering
from pushdemo.lab.middleboxes.caching import caching
from pushdemo.lab.middleboxes.idle_timeout import idle_timeout
from pushdemo.lab.middleboxes.strip_upgrade import strip_upgrade

if TYPE_CHECKING:
    from pushdemo.lab.network import Network


def boxes(network: "Network") -> BoxMaker | None:
    """Make the boxes that a network is set to: a load balancer first, and behind it the proxy before the server.

    Returns:
        None where there are none. Each call makes a cache of its own.
    """
    makers = []
    if network.idle_timeout_s is not None:
        makers.append(idle_timeout(network.idle_timeout_s))
    if network.strip_upgrade:
        makers.append(strip_upgrade())
    if network.buffer_bytes is not None:
        makers.append(buffering(network.buffer_bytes))
    if network.cache_s is not None:
        makers.append(caching(network.cache_s))
    return chain(*makers) if makers else None
