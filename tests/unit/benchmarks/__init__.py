"""Tests of the benchmark that need no server process."""
