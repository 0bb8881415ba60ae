"""Bytes on the wire, taken apart into named fields. Nothing here does any I/O."""
