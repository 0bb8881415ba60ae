"""The benchmark against real servers."""
