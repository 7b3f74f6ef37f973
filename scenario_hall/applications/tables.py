"""The tables of applications, their judging and their messages."""

from __future__ import annotations

from scenario_hall.applications.judging.models import Declaration, Judging, Score
from scenario_hall.applications.messages import ApplicationMessage, MessageReading
from scenario_hall.applications.models import Application

APPLICATION_TABLES = (Application, ApplicationMessage, Declaration, Judging, MessageReading, Score)
