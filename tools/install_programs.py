"""Install the programs that the tests need, where this user may; run by `make test`.

With apt-get, as root or through a sudo that asks for no password; OpenSearch from Maven's registry. What is missing
afterwards is named in one line, and the tests that need it are left out; in CI (CI=true) it is an error, but for what
is not ``is_required`` there: OpenSearch, whose registry may be out of reach, and nginx.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools.opensearch.packages import install as install_packages
from tools.opensearch.packages import java, maven, opensearch_packages
from tools.programs import PROGRAMS, Program


def missing_programs() -> list[Program]:
    return [program for program in PROGRAMS if program.find() is None]


def apt_get() -> list[str] | None:
    """The command that may install packages here, or None."""
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return command
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n", *command]
    return None


def install(programs: list[Program], command: list[str]) -> None:
    """Install each for itself, so that one that cannot be had stops no other."""
    subprocess.run([*command, "update", "-qq"], check=False)
    for program in programs:
        print(f"Installing {program.package}, which the tests need", flush=True)
        subprocess.run([*command, "install", "-y", "-qq", "--no-install-recommends", program.package], check=False)


def install_opensearch() -> str:
    """Fetch its packages where Java and Maven are; returns what went wrong, empty if nothing did."""
    fetcher = maven()
    if opensearch_packages() is not None or fetcher is None or java() is None:
        return ""
    print("Installing OpenSearch, which the tests need", flush=True)
    return install_packages(fetcher)


def main() -> None:
    missing = missing_programs()
    command = apt_get() if missing else None
    if command:
        install(missing, command)
        missing = missing_programs()
    fault = install_opensearch()
    if fault:
        print(f"OpenSearch cannot be had, so its tests are left out: {fault}")
    is_error = bool(os.environ.get("CI")) and any(program.is_required for program in missing)
    if missing:
        packages = " ".join(program.package for program in missing)
        outcome = "and CI needs them" if is_error else "so their tests are left out"
        print(f"Programs are missing, {outcome}. To install them: apt-get install {packages}")
    sys.exit(1 if is_error else 0)


if __name__ == "__main__":
    main()
