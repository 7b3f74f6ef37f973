"""The commands of those who answer for a hall: is it well, is it whole, can it be had again."""

from __future__ import annotations

from scenario_hall.cli.certificates import signing_keys, verify_certificate
from scenario_hall.cli.doctor import doctor
from scenario_hall.cli.log import checkpoint, verify_log
from scenario_hall.cli.recovery import backup, restore_backup
from scenario_hall.cli.retention import prune
from scenario_hall.cli.tokens import token
from scenario_hall.cli.witness import witness

COMMANDS = (
    doctor,
    verify_log,
    checkpoint,
    witness,
    backup,
    restore_backup,
    prune,
    token,
    verify_certificate,
    signing_keys,
)
