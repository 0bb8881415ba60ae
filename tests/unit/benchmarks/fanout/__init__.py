"""What `python -m benchmarks fanout` measures, without a server."""
