"""A chat becomes a colleague's, and is one no longer: what of work is shown, told and kept there."""

from core import outbox
from core.media_fetch import let_go
from core.models import Account, Attachment, Channel
from core.outbox import Message
from core.workflow import Role

COMMANDS = "commands"  # a letter that no one reads: the messenger's own list of commands in that chat


async def begin(account: Account) -> None:
    """Within the open transaction: the list of commands there has those of work."""
    await _offer(account, work=True)


async def end(account_id: int) -> None:
    """Within the open transaction: nothing of work is sent there, or offered; photos of no report yet go."""
    await outbox.end_work(account_id)
    await _offer(await Account.get(id=account_id), work=False)
    await let_go(Attachment.filter(account_id=account_id, appeal_id=None).exclude(role=Role.RESIDENT))


async def _offer(account: Account, *, work: bool) -> None:
    if account.channel is Channel.TELEGRAM:  # Viber has no such list
        await outbox.queue(Message(account, COMMANDS, {"work": work}, slot=COMMANDS))
