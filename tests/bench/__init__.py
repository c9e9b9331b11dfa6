"""Measurements, each beside a peer in the same run and without the internet: `zvernys bench NAME`."""
