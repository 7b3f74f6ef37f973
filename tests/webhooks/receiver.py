"""A real receiver on this machine, with a certificate of its own authority, that answers as it is told to."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.receiver.test"


@dataclass
class Authority:
    """A certificate authority for tests, in a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        made = self._builder(self.name, self.key.public_key()).add_extension(x509.BasicConstraints(True, None), True)
        self.root = self.folder / "root.pem"
        self.root.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, days: int = 2) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=10))
            .not_valid_after(now + timedelta(days=days))
        )

    def server(self, *hosts: str, days: int = 2) -> ssl.SSLContext:
        """What a server of these names shows; of ``days`` below 0 one that is over."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        names = x509.SubjectAlternativeName([x509.DNSName(each) for each in hosts])
        made = self._builder(subject, key.public_key(), days).add_extension(names, critical=False)
        path = self.folder / f"{hosts[0]}{days}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root))


@dataclass(frozen=True)
class Got:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Behaviour = Callable[[ssl.SSLSocket, Got], None]


def answering(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """An answer of this status."""

    def answer(connection: ssl.SSLSocket, _got: Got) -> None:
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return answer


def giving_back(connection: ssl.SSLSocket, got: Got) -> None:
    """200, with the challenge where one came."""
    found = got.json["data"].get("challenge", "") if got.json.get("type") == "webhook.challenge" else ""
    answering(200, json.dumps({"challenge": found}).encode())(connection, got)


class Receiver:
    """Listens on 127.0.0.1; what comes is in ``got``."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self.behaviour: Behaviour = giving_back
        self.got: list[Got] = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def events(self) -> list[int]:
        """The ids of the entries that came, in order."""
        return [got.json["data"]["id"] for got in self.got if "id" in got.json.get("data", {})]

    def close(self) -> None:
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            Thread(target=self._answer, args=(raw,), daemon=True).start()

    def _answer(self, raw: socket.socket) -> None:
        raw.settimeout(10)
        with suppress(OSError), self.context.wrap_socket(raw, server_side=True) as connection:
            got = _read(connection)
            self.got.append(got)
            self.behaviour(connection, got)


def _read(connection: ssl.SSLSocket) -> Got:
    with connection.makefile("rb") as file:
        path = file.readline().split()[1].decode()
        headers = {}
        while line := file.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return Got(path, headers, file.read(int(headers.get("content-length", "0"))))
