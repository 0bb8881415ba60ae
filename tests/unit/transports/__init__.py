"""Tests of the transports, driven through ASGI."""
