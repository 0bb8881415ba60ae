"""`python -m benchmarks`."""

import sys

try:
    from benchmarks.cli import main
except ModuleNotFoundError as missing:
    sys.exit(
        f"The benchmark needs {missing.name}: `make bench`, or .venv/bin/python after `make install`, or "
        "pip install -c constraints.txt -e '.[bench]'"
    )

if __name__ == "__main__":  # processes of clients import this again
    main(prog_name="python -m benchmarks")
