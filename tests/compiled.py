"""What a process of the hall does once and the tests would do in each test, kept from one test to the next.

SQLAlchemy keeps what it has compiled with its engine, Jinja and Werkzeug with their application, and an encoder of
meaning encodes each text of the hall once. The hall makes one of each; the tests make one a test, and half of their time
went into compiling the same statements, templates and rules and encoding the same texts again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from werkzeug.routing import Rule

from scenario_hall.core.db import _prepare_sqlite
from scenario_hall.meaning.encoder import CarriedEncoder, Floats

_first: dict[str, Engine] = {}
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_vectors: dict[str, Floats] = {}
_compile_builder, _encode = Rule._compile_builder, CarriedEncoder.encode


def create_warm_engine(url: URL, **options: Any) -> Engine:
    """As ``create_engine``, with the dialect and compiled statements of the first engine of its kind that connected."""
    made = create_engine(url, **options)
    first = _first.get(made.dialect.driver)
    if first is None:
        with made.connect():  # the dialect learns from its first connection what the server can do
            _first[made.dialect.driver] = made
    else:
        made.dialect, made._compiled_cache = first.dialect, first._compiled_cache
    return made


def prepare_without_sync(connection: Any, record: Any) -> None:
    """As the hall prepares a connection, but nothing waits for the disk: what is killed runs in processes of its own."""
    _prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


class CompiledTemplates(BytecodeCache):
    """Kept in memory; Jinja compares the source before it believes one."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.load_bytecode(BytesIO(self.kept[bucket.key]))

    def dump_bytecode(self, bucket: Bucket) -> None:
        written = BytesIO()
        bucket.write_bytecode(written)
        self.kept[bucket.key] = written.getvalue()


def compile_builder_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """As Werkzeug compiles what builds the addresses of a rule; the same rule of the next application has the same."""
    key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), tuple(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def encode_once(encoder: CarriedEncoder, texts: Sequence[str]) -> Floats:
    """As the encoder does; a text that a test of this process had encoded before has its vector."""
    new = list(dict.fromkeys(text for text in texts if text not in _vectors))
    _vectors.update(zip(new, _encode(encoder, new), strict=True))
    return np.stack([_vectors[text] for text in texts]) if texts else _encode(encoder, texts)
