"""Tortoise's PostgreSQL backend with transactions that give their connection back.

Tortoise's own context keeps it when a task is cancelled while its transaction begins: ten of them, and nobody
gets one any more.
"""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.exceptions import TransactionManagementError


class TransactionThatLetsGo(TransactionContextPooled):
    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException:
            if hasattr(self, "token"):  # set once it has a connection; the pool rolls back what began
                await self.__aexit__(TransactionManagementError, None, None)
            raise


class PostgresClient(AsyncpgDBClient):
    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:  # noqa: ANN401 - Tortoise's signature
        """By itself the pool resets the session after each query, which doubles the journeys.

        What is open it rolls back all the same.
        """
        return await super().create_pool(reset=_nothing_set, **kwargs)

    def _in_transaction(self) -> TransactionContext:
        return TransactionThatLetsGo(TransactionWrapper(self), self._pool_init_lock)


async def _nothing_set(_connection: asyncpg.Connection) -> None:
    """Nobody sets, listens or locks anything for a session here."""


client_class = PostgresClient
