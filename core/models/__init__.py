"""Every table, by subject. Tortoise finds the models through this package."""

from core.models.appeals import Appeal, Attachment, Counter, Event, Survey
from core.models.catalogue import Category, District, Executor, PackFile, RoutingRule
from core.models.control import (
    Alarm,
    AlarmCall,
    AlarmState,
    Duty,
    Fact,
    FactKind,
    Job,
    Lease,
    Rollup,
    Subscription,
)
from core.models.desk import Change, Follow, Look, Presence, SavedFilter, Task, TaskKind, Template
from core.models.learning import Correction, ModelState, ModelVersion
from core.models.messages import Inbox, InboxState, Outbox, OutboxState
from core.models.residents import Account, Channel, Conversation, LinkCode, Resident
from core.models.staff import Absence, LinkToken, Notice, Post, RecoveryCode, Session, SignInFailure, Staff
from core.models.together import CoExecutor, Incident, IncidentState, Supporter

__all__ = [
    "Absence",
    "Account",
    "Alarm",
    "AlarmCall",
    "AlarmState",
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
    "Duty",
    "Event",
    "Executor",
    "Fact",
    "FactKind",
    "Follow",
    "Inbox",
    "InboxState",
    "Incident",
    "IncidentState",
    "Job",
    "Lease",
    "LinkCode",
    "LinkToken",
    "Look",
    "ModelState",
    "ModelVersion",
    "Notice",
    "Outbox",
    "OutboxState",
    "PackFile",
    "Post",
    "Presence",
    "RecoveryCode",
    "Resident",
    "Rollup",
    "RoutingRule",
    "SavedFilter",
    "Session",
    "SignInFailure",
    "Staff",
    "Subscription",
    "Supporter",
    "Survey",
    "Task",
    "TaskKind",
    "Template",
]
