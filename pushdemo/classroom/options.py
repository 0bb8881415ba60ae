"""With what a class is started."""

from dataclasses import dataclass, field
from pathlib import Path

from pushdemo.network import url


@dataclass(frozen=True, kw_only=True)
class ClassOptions:
    """What `pushdemo class` makes a class of.

    Attributes:
        address: by which the students' phones reach this machine, such as 192.168.1.5; or a whole address such as
            http://demo.example/push, where something stands before the server.
        port: at which the server listens; the groups' relays dial it.
        token: who knows it is the teacher.
        title: of the class.
        simulate: so many phones are there from the beginning that nobody holds.
        record: the file that keeps what happens.
    """

    address: str
    port: int
    token: str = field(repr=False)
    title: str = ""
    simulate: int = 0
    record: Path | None = None

    @property
    def base(self) -> str:
        """The address of the index page, as the phones open it."""
        return f"{self.address.rstrip('/')}/" if "://" in self.address else url(self.address, self.port)

    @property
    def join_address(self) -> str:
        """What the QR code says."""
        return self.base + "join"
