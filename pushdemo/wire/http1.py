"""The body of an HTTP/1.1 message in the chunked transfer coding (RFC 9112 section 7.1), taken apart.

    chunk = size in hexadecimal [;extensions] CRLF, that many bytes of data, CRLF; a chunk of size 0 is the last.

Every byte is either data or coding, so the two counts add up to what was fed in.
"""


class Malformed(ValueError):
    """Bytes that are no chunked body."""


class ChunkedBody:
    """Takes a chunked body as it comes, in pieces of any size.

    `coding` counts the bytes so far that were not data; `ended` is set after the last chunk.
    """

    LONGEST_LINE = 4_096
    """Bytes of a size line with its extensions, or of a trailer field; RFC 9112 sets no limit, so here is one."""

    def __init__(self) -> None:
        self.coding = 0
        self.ended = False
        self._line = b""
        self._left = 0  # bytes of data that are still to come of this chunk
        self._expects = "size"  # or "data", "data end", "trailer"

    def feed(self, data: bytes) -> bytes:
        """Return the data within `data`.

        Raises:
            Malformed: a size is no number, or a chunk does not end where it should. Nothing of `data` is returned
                then, so all of it counts as coding.
        """
        pieces = []
        position = 0
        coding = self.coding
        try:
            while position < len(data):
                if self._expects == "size" and not self._line and (whole := _whole_chunk(data, position)) is not None:
                    start, end = whole
                    pieces.append(data[start:end])
                    self.coding += start - position + 2
                    position = end + 2
                elif self._expects == "data":
                    piece = data[position : position + self._left]
                    pieces.append(piece)
                    position += len(piece)
                    self._left -= len(piece)
                    self._expects = "data" if self._left else "data end"
                elif self.ended:
                    raise Malformed(f"{len(data) - position} bytes after the last chunk")
                else:
                    position = self._take_line(data, position)
        except Malformed:
            self.coding = coding + len(data)
            raise
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _take_line(self, data: bytes, start: int) -> int:
        """Take the rest of a line of the coding, or as much as there is; return where it ends."""
        end = data.find(b"\n", start) + 1
        stop = end or len(data)
        self.coding += stop - start
        self._line += data[start:stop]
        if len(self._line) > self.LONGEST_LINE:
            raise Malformed(
                f"a line of more than {self.LONGEST_LINE:,} bytes where a chunk's {self._expects} was expected"
            )
        if end:
            line, self._line = self._line, b""
            self._read_line(line)
        return stop

    def _read_line(self, line: bytes) -> None:
        if not line.endswith(b"\r\n"):
            raise Malformed(f"expected a line that ends with CRLF; this came: {line[:40]!a}")
        text = line[:-2]
        if self._expects == "size":
            size = text.partition(b";")[0].rstrip(b" \t")
            if not size or size.strip(b"0123456789abcdefABCDEF"):
                raise Malformed(f"expected a chunk's size in hexadecimal; this came: {text[:40]!a}")
            self._left = int(size, 16)
            self._expects = "data" if self._left else "trailer"
        elif self._expects == "data end":
            if text:
                raise Malformed(f"expected the end of a chunk's data; this came: {text[:40]!a}")
            self._expects = "size"
        elif not text:  # the empty line after the trailer fields, of which there are usually none
            self.ended = True


def _whole_chunk(data: bytes, position: int) -> tuple[int, int] | None:
    """Return where the data of the chunk at `position` begin and end, if it is there whole: the usual case."""
    line_end = data.find(b"\r\n", position, position + 8)
    if line_end < 0:
        return None  # a larger one, or one with an extension
    digits = data[position:line_end]
    if digits.strip(b"0123456789abcdef") or not digits.strip(b"0"):
        return None  # something else, or the last chunk
    start = line_end + 2
    end = start + int(digits, 16)
    return (start, end) if data.startswith(b"\r\n", end) else None
