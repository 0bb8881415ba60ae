"""The benchmark: `python -m benchmarks` measures what each technique costs on this machine, and writes a report."""
