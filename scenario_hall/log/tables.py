"""The tables of the log, and of what is kept in its transactions."""

from __future__ import annotations

from scenario_hall.core.kept_answers import KeptAnswer
from scenario_hall.log.acts import PartyAct
from scenario_hall.log.chain import Event, LogHead, ReaderCursor
from scenario_hall.log.checkpoints import Checkpoint
from scenario_hall.log.codes import CodeCounter
from scenario_hall.log.failures import Failure
from scenario_hall.log.sent_forms import SentForm
from scenario_hall.log.tree import LogNode
from scenario_hall.log.witnesses import KeptCosignature
from scenario_hall.log.words import EventWord

LOG_TABLES = (
    Checkpoint,
    CodeCounter,
    Event,
    EventWord,
    Failure,
    KeptAnswer,
    KeptCosignature,
    LogHead,
    LogNode,
    PartyAct,
    ReaderCursor,
    SentForm,
)
