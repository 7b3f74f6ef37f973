"""What a line of the declaration says: some columns, how they are tied to a person, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """How a row is tied to its person."""

    ACCOUNT = "account"  # the column holds the account's id
    ADDRESS = "address"  # the column holds the e-mail address
    WITHIN = "within"  # the e-mail address stands within the column's text
    OTHERS = "others"  # not tied to an account: people whom an organisation names


class Closing(StrEnum):
    """What becomes of it when the account is closed."""

    GOES = "goes"
    STAYS = "stays"  # as an act of a former member: the number of the account without a name


@dataclass(frozen=True)
class Held:
    """Some columns of one table that hold something of a person."""

    table: str
    columns: tuple[str, ...]
    what: str
    purpose: str
    kept: str
    owner: str = "account_id"
    by: By = By.ACCOUNT
    closing: Closing = Closing.GOES
    is_secret: bool = False  # hashes and sealed secrets: that they are there is told, not what they are
