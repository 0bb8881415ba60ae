"""`python -m pushdemo` is `pushdemo`."""

from pushdemo.cli import main

main(prog_name="pushdemo")
