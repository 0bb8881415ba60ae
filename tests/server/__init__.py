"""Tests against a real server, which runs as a process of its own."""
