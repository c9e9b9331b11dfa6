"""A chat becomes a colleague's, and is one no longer: what of work is shown and told there."""

from core import outbox
from core.models import Account, Channel
from core.outbox import Message

COMMANDS = "commands"  # a letter that no one reads: the messenger's own list of commands in that chat


async def begin(account: Account) -> None:
    """Within the open transaction: the list of commands there has those of work."""
    await _offer(account, work=True)


async def end(account_id: int) -> None:
    """Within the open transaction: nothing of work is sent there, or offered."""
    await outbox.end_work(account_id)
    await _offer(await Account.get(id=account_id), work=False)


async def _offer(account: Account, *, work: bool) -> None:
    if account.channel is Channel.TELEGRAM:  # Viber has no such list
        await outbox.queue(Message(account, COMMANDS, {"work": work}, slot=COMMANDS))
