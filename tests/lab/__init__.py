"""Tests of the lab with programs that are not this project's."""
