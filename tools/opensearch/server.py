"""One node of OpenSearch as a child of this process, on this machine's own address alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tools.opensearch.packages import HERE, java

START_SECONDS = 120
# The server refuses to run as root.
USER = "nobody"


@dataclass
class Node:
    """A node with its folder; the ``others`` of its cluster are given by name and transport port."""

    packages: Path
    home: Path
    name: str = "n1"
    http: int = 0
    transport: int = 0
    others: Sequence[tuple[str, int]] = ()
    heap: str = "256m"
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.http, self.transport = self.http or free_port(), self.transport or free_port()

    def start(self) -> None:
        """Start it; it answers after ``wait``."""
        machine = java()
        if machine is None:
            raise RuntimeError("there is no Java that runs OpenSearch")
        for name in ("config", "data", "logs", "tmp"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "config" / "opensearch.yml").write_text("\n".join(self._settings()))
        shutil.copy(HERE / "log4j2.properties", self.home / "config")
        as_user = []
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", USER, self.home], check=True)
            as_user = ["setpriv", f"--reuid={USER}", "--regid=nogroup", "--clear-groups", "--"]
        with (self.home / "logs" / "console.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*as_user, machine, *self._options(), "org.opensearch.bootstrap.OpenSearch"],
                cwd=self.home,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"]},
            )

    def wait(self) -> None:
        """Until the cluster can serve. Raises RuntimeError."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process is not None and self.process.poll() is None:
            try:
                with urlopen(
                    f"http://127.0.0.1:{self.http}/_cluster/health?wait_for_status=yellow&timeout=1s", timeout=5
                ):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"OpenSearch did not start; see {self.home}/logs/console.log")

    def stop(self) -> None:
        """At once: what it holds is of no use afterwards."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)

    def _settings(self) -> list[str]:
        lines = [
            "cluster.name: hall",
            f"node.name: {self.name}",
            "network.host: 127.0.0.1",
            f"http.port: {self.http}",
            f"transport.port: {self.transport}",
            f"path.data: {self.home}/data",
            f"path.logs: {self.home}/logs",
            "cluster.routing.allocation.disk.threshold_enabled: false",
            "action.auto_create_index: false",
        ]
        if not self.others:
            return [*lines, "discovery.type: single-node", ""]
        names = ", ".join(f'"{name}"' for name, _ in self.others)
        hosts = ", ".join(f'"127.0.0.1:{port}"' for _, port in self.others)
        return [*lines, f"discovery.seed_hosts: [{hosts}]", f"cluster.initial_cluster_manager_nodes: [{names}]", ""]

    def _options(self) -> list[str]:
        scratch = str(self.home / "tmp")
        own = {
            "java.security.manager": "allow",
            "java.io.tmpdir": scratch,
            "jna.tmpdir": scratch,
            "io.netty.noUnsafe": "true",
            "io.netty.noKeySetOptimization": "true",
            "io.netty.recycler.maxCapacityPerThread": "0",
            "log4j.shutdownHookEnabled": "false",
            "log4j2.disable.jmx": "true",
            "opensearch.path.home": str(self.packages),
            "opensearch.path.conf": f"{self.home}/config",
        }
        # A small node that starts soon: the simplest collector, the first compiler alone.
        quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
        given = [f"-D{name}={value}" for name, value in own.items()]
        return [f"-Xms{self.heap}", f"-Xmx{self.heap}", *quick, *given, "-cp", f"{self.packages}/lib/*"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
