"""A private S3 server for the tests (moto's, in a process of its own), with buckets that nobody else has."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import uuid
from typing import Any

from botocore.session import Session

KEY = "hall:its-secret"
START_SECONDS = 30


class PrivateBuckets:
    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._server.poll() is None:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("the private S3 server did not start")

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(10)

    def client(self) -> Any:
        identity, _, secret = KEY.partition(":")
        return Session().create_client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=identity,
            aws_secret_access_key=secret,
        )

    def make(self) -> str:
        """A new bucket; returns its HALL_FILES_URL."""
        name = f"hall-{uuid.uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name)
        return f"s3://{name}/of-the-hall?endpoint={self.endpoint}"
