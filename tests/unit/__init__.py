"""Tests that need no server process; they mirror the package."""
