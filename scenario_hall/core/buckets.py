"""Uploaded files in a bucket of an S3-compatible store, which all machines of a hall share.

The bucket is private: what is in it goes to nobody but through the hall, which asks who may see the record.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.session import Session

from scenario_hall.core.stores import LostContentError, OutOfReachError, place_of

logger = logging.getLogger(__name__)

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 10, 3
CONNECTIONS = 50
AT_ONCE = 65_536  # bytes
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
OPTIONS = frozenset({"endpoint", "region", "addressing"})
ADDRESSING = ("path", "virtual")


@dataclass(frozen=True)
class BucketAddress:
    """``s3://bucket/prefix?endpoint=https://…&region=…&addressing=path|virtual``; Amazon's without endpoint."""

    bucket: str
    prefix: str
    endpoint: str | None
    region: str
    addressing: str

    @classmethod
    def read(cls, url: str) -> BucketAddress:
        """Raises ValueError, saying what is wrong."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint = options.get("endpoint")
        if parts.scheme != "s3" or not parts.hostname or "@" in parts.netloc or ":" in parts.netloc:
            raise ValueError("it must be s3://bucket/prefix?endpoint=https://host&region=name")
        if strange := sorted(set(options) - OPTIONS):
            raise ValueError(f"{', '.join(strange)} is none of {', '.join(sorted(OPTIONS))}")
        if endpoint is not None and not _is_http(endpoint):
            raise ValueError("its endpoint must begin with https:// or http://")
        addressing = options.get("addressing") or ("path" if endpoint else "virtual")
        if addressing not in ADDRESSING:
            raise ValueError(f"its addressing must be {' or '.join(ADDRESSING)}")
        prefix = parts.path.strip("/")
        region = options.get("region") or "us-east-1"
        return cls(parts.hostname, f"{prefix}/" if prefix else "", endpoint, region, addressing)

    def below(self, name: str) -> BucketAddress:
        """The folder of that name in it."""
        return replace(self, prefix=f"{self.prefix}{name}/")


def _is_http(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


class _Client:
    """Of a bucket. ``key``: id and secret with a colon between; empty: as botocore finds them (AWS_… variables, the
    machine's role)."""

    def __init__(self, address: BucketAddress, key: str = "") -> None:
        self.address, self._key = address, key

    @cached_property
    def _client(self) -> Any:
        identity, _, secret = self._key.partition(":")
        return Session().create_client(
            "s3",
            endpoint_url=self.address.endpoint,
            region_name=self.address.region,
            aws_access_key_id=identity or None,
            aws_secret_access_key=secret or None,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                max_pool_connections=CONNECTIONS,
                # The hash of what is sent is signed with the request, so the store refuses what was changed on its way;
                # Amazon's newer checksums many other stores do not know.
                # https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": self.address.addressing, "payload_signing_enabled": True},
            ),
        )

    def _fetched(self, key: str) -> tuple[BinaryIO, str]:
        """What lies under the key, and its SHA-256. In a temporary file: whoever reads slowly holds neither memory nor
        a connection to the store."""
        held, seen = tempfile.TemporaryFile(), hashlib.sha256()  # noqa: SIM115 (the caller closes it)
        try:
            with _reaching(key):
                body = self._client.get_object(Bucket=self.address.bucket, Key=key)["Body"]
                for part in body.iter_chunks(AT_ONCE):
                    seen.update(part)
                    held.write(part)
        except BaseException:
            held.close()
            raise
        held.seek(0)
        return cast("BinaryIO", held), seen.hexdigest()


class BucketFolder(_Client):
    """A ``SharedFolder``: what lies under ``address.prefix``, beside what a ``BucketStore`` keeps there."""

    def write(self, name: str, content: BinaryIO) -> None:
        with _reaching(name):
            self._client.put_object(Bucket=self.address.bucket, Key=self.address.prefix + name, Body=content)

    def open(self, name: str) -> BinaryIO:
        return self._fetched(self.address.prefix + name)[0]

    def names(self) -> list[str]:
        found: list[str] = []
        with _reaching(self.address.prefix):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.address.bucket, Prefix=self.address.prefix):
                found += [each["Key"].removeprefix(self.address.prefix) for each in page.get("Contents", ())]
        return found

    def remove(self, name: str) -> None:
        with _reaching(name):
            self._client.delete_object(Bucket=self.address.bucket, Key=self.address.prefix + name)


class BucketStore(_Client):
    """A ``FileStore``."""

    def put(self, digest: str, content: bytes, variant: str = "") -> None:
        with _reaching(digest):
            self._client.put_object(**self._place(digest, variant), Body=content)

    def open(self, digest: str, variant: str = "") -> BinaryIO:
        # Nothing is sent before all of it is known to be what its name says.
        held, seen = self._fetched(self._place(digest, variant)["Key"])
        if not variant and seen != digest:
            held.close()
            raise LostContentError(f"{digest} has the SHA-256 {seen}")
        return held

    def has(self, digest: str, variant: str = "") -> bool:
        try:
            with _reaching(digest):
                self._client.head_object(**self._place(digest, variant))
        except LostContentError:
            return False
        return True

    def drop(self, digest: str) -> None:
        # One by one: for several at once stores want checksums that not all of them agree on.
        with _reaching(digest):
            found = self._client.list_objects_v2(Bucket=self.address.bucket, Prefix=self._place(digest, "")["Key"])
            for each in found.get("Contents", ()):
                self._client.delete_object(Bucket=self.address.bucket, Key=each["Key"])

    def is_empty(self) -> bool:
        with _reaching(self.address.prefix):
            found = self._client.list_objects_v2(Bucket=self.address.bucket, Prefix=self.address.prefix, MaxKeys=1)
        return not found.get("Contents")

    def _place(self, digest: str, variant: str) -> dict[str, str]:
        return {"Bucket": self.address.bucket, "Key": f"{self.address.prefix}{place_of(digest, variant)}"}


@contextmanager
def _reaching(what: str) -> Iterator[None]:
    """Raises LostContentError, OutOfReachError for what the client raises."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise LostContentError(what) from None
        logger.exception("the store of files refuses")
        raise OutOfReachError from error
    except (BotoCoreError, HTTPClientError) as error:
        logger.exception("the store of files is out of reach")
        raise OutOfReachError from error
