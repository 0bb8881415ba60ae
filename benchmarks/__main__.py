"""`python -m benchmarks`."""

from benchmarks.cli import main

if __name__ == "__main__":  # processes of clients import this again
    main(prog_name="python -m benchmarks")
