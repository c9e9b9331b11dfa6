"""The database's history, step by step; core/db.py takes the steps."""

from tortoise.migrations import operations as ops


class Described(ops.AlterField):
    """An enum's members are a description to Tortoise: the database has nothing to do.

    SQLite would rebuild the whole table for it, and lose what unique_together said on the way.
    """

    async def database_forward(self, *_states: object, **_editor: object) -> None: ...

    async def database_backward(self, *_states: object, **_editor: object) -> None: ...
