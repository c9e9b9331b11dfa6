"""Measurements beside a peer in the same run: `zvernys bench intake|outbox|queue`, without the internet."""
