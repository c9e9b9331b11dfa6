"""Every table, by subject. Tortoise finds the models through this package."""

from core.models.appeals import Appeal, Attachment, Counter, Event, Survey
from core.models.catalogue import Category, District, Executor, PackFile, RoutingRule
from core.models.desk import Change, Follow, Look, Presence, SavedFilter, Task, TaskKind, Template
from core.models.learning import Correction, ModelState, ModelVersion
from core.models.messages import Inbox, InboxState, Outbox, OutboxState
from core.models.residents import Account, Channel, Conversation, LinkCode, Resident
from core.models.staff import Absence, LinkToken, Notice, RecoveryCode, Session, SignInFailure, Staff
from core.models.together import CoExecutor, Incident, IncidentState, Supporter

__all__ = [
    "Absence",
    "Account",
    "Appeal",
    "Attachment",
    "Category",
    "Change",
    "Channel",
    "CoExecutor",
    "Conversation",
    "Correction",
    "Counter",
    "District",
    "Event",
    "Executor",
    "Follow",
    "Inbox",
    "InboxState",
    "Incident",
    "IncidentState",
    "LinkCode",
    "LinkToken",
    "Look",
    "ModelState",
    "ModelVersion",
    "Notice",
    "Outbox",
    "OutboxState",
    "PackFile",
    "Presence",
    "RecoveryCode",
    "Resident",
    "RoutingRule",
    "SavedFilter",
    "Session",
    "SignInFailure",
    "Staff",
    "Supporter",
    "Survey",
    "Task",
    "TaskKind",
    "Template",
]
