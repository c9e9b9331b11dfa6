"""The bots' tests use the same cast and clock as the core's."""

from tests.core.conftest import cast, plain_log, time

__all__ = ["cast", "plain_log", "time"]
