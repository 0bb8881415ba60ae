"""Dissectors: each takes the bytes of a connection apart into named fields, with their meaning and its source.

A dissector does no I/O, raises no exception whatever it is given, and drops nothing: the fields it returns cover the
bytes it was given, one after another, and what it cannot read is a field of its own that says so.
"""
