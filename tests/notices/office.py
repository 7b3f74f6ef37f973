"""A mail server for the tests: a real one, that answers as it is told."""

from __future__ import annotations

import asyncio
import socket
from email import message_from_bytes
from email.message import Message

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


class Office:
    """Takes mail, and answers some addresses as it is told."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.delays: dict[str, float] = {}  # seconds before the letter to an address is taken
        self.taken: list[tuple[str, Message]] = []

    async def handle_RCPT(  # noqa: N802  aiosmtpd's own name
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(sum(self.delays.get(address, 0.0) for address in envelope.rcpt_tos))
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self.taken += [(address, message_from_bytes(content)) for address in envelope.rcpt_tos]
        return "250 OK"

    @property
    def receivers(self) -> list[str]:
        return [address for address, _ in self.taken]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
