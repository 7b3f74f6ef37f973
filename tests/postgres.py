"""A private PostgreSQL for the tests: its own folder, a socket of its own, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from functools import cached_property
from pathlib import Path

import psycopg

USER = "hall"


class PrivatePostgres:
    def __init__(self, programs: Path) -> None:
        self.programs = programs
        # A socket's path may have 107 characters only, and pytest's folders are long.
        self.folder = Path(tempfile.mkdtemp(prefix="hallpg-"))
        self.data = self.folder / "data"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [
                *as_user,
                str(self.programs / "initdb"),
                "-D",
                str(self.data),
                "-U",
                USER,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
        )
        self.resume()

    def resume(self) -> None:
        """Start the server on the data that is there."""
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self._server = subprocess.Popen(
            [
                *as_user,
                str(self.programs / "postgres"),
                "-D",
                str(self.data),
                "-k",
                str(self.folder),
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "max_connections=60",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ready = [str(self.programs / "pg_isready"), "-h", str(self.folder), "-U", USER, "-t", "1"]
        for _ in range(100):
            if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
                return
        raise RuntimeError("the private PostgreSQL did not start")

    def pause(self) -> None:
        """Stop the server and keep the data."""
        assert self._server is not None
        subprocess.run(["pkill", "-INT", "-f", str(self.data)], check=False)
        self._server.wait(30)

    def stop(self) -> None:
        if self._server is not None:
            subprocess.run(["pkill", "-QUIT", "-f", str(self.data)], check=False)
            self._server.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    @cached_property
    def copying(self) -> str:
        with psycopg.connect(f"host={self.folder} user={USER} dbname=postgres") as connection:
            return " STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""

    def create_database(self, name: str) -> None:
        self._run(f'CREATE DATABASE "{name}"')

    def copy_database(self, template: str) -> str:
        name = f"hall_{uuid.uuid4().hex[:12]}"
        # The files as they are: through the log of changes, as since PostgreSQL 15, it takes a third longer.
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{self.copying}')
        return name

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"host={self.folder} user={USER} dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)
