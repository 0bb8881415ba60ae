"""Tests of the network to break."""
