"""What can be done to a lab session's network at a moment."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from pushdemo.lab.network import MOST_SECONDS, decode_object
from pushdemo.lab.relay import Relay
from pushdemo.problems import Problem

Name = Literal["cut", "vanish", "come_back", "stall", "refuse"]
FOR_A_WHILE = ("stall", "refuse")


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of these, at once:

    - `cut`: every connection is broken off by RST, on both sides.
    - `vanish`: nothing passes any more on any connection, and nobody is told: a peer that is dead.
    - `come_back`: connections that are opened from now on pass again; those that vanished stay dead.
    - `stall`: nothing passes for `seconds`; then all goes on, and nothing is lost.
    - `refuse`: connections that come within `seconds` are refused.
    """

    fault: Name
    seconds: Annotated[float, Meta(ge=0.1, le=MOST_SECONDS)] | None = None

    @classmethod
    def parse(cls, data: bytes) -> "Fault":
        """Read `{"fault": …, "seconds"?: …}`.

        Raises:
            Problem: 400, it is no JSON object; 422, it is no such fault, or lacks what it needs.
        """
        try:
            fault = msgspec.convert(decode_object(data), type=cls)
        except msgspec.ValidationError as error:
            raise Problem(422, f"Expected a fault: cut, vanish, come_back, stall or refuse. {error}.") from None
        if fault.fault in FOR_A_WHILE and fault.seconds is None:
            raise Problem(422, f"{fault.fault} needs seconds, from 0.1 to {MOST_SECONDS:,}; none came.")
        if fault.fault not in FOR_A_WHILE and fault.seconds is not None:
            raise Problem(422, f"{fault.fault} takes no seconds; this came: {fault.seconds:g}.")
        return fault

    def strike(self, relay: Relay) -> str:
        """Do it to a relay, and return what was done, in words."""
        seconds = self.seconds or 0
        match self.fault:
            case "cut":
                return f"Cut: {connections(relay.cut())} broken off by RST."
            case "vanish":
                return f"Vanished: nothing passes any more on {connections(relay.vanish())}, and nobody is told."
            case "come_back":
                relay.come_back()
                return "Back: new connections pass; those that vanished stay dead."
            case "stall":
                relay.stall(seconds)
                return f"Stalled: nothing passes for {seconds:g} s, then all goes on."
            case "refuse":
                relay.refuse(seconds)
                return f"Refusing: new connections are reset for {seconds:g} s."


def connections(count: int) -> str:
    """Return a count of connections in words."""
    return f"{count} connection{'' if count == 1 else 's'}"
