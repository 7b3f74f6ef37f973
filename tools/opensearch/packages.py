"""OpenSearch from the packages of Maven's registry: the server's own jars, laid out as a distribution lays them.

A distribution is an archive of its own; the packages are reached wherever Maven's registry or a mirror of it is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
POM = HERE / "pom.xml"
FOLDER = HERE.parent.parent / ".opensearch"
MACHINES = Path("/usr/lib/jvm")
# OpenSearch 2.19 needs 11; it uses Java's security manager, which 24 no longer has.
OLDEST, NEWEST = 17, 23
MAVEN_SECONDS = 300
# Jars that stand with their module, not with the server.
MODULES = {
    "transport-netty4": ("netty-*.jar", "transport-netty4-client-*.jar"),
    "analysis-common": ("analysis-common-*.jar",),
    "lang-painless": (
        "antlr4-runtime*.jar",
        "asm*.jar",
        "lang-painless-*.jar",
        "opensearch-scripting-painless-spi-*.jar",
    ),
}


def java() -> Path | None:
    """A Java that runs this OpenSearch: one of the system's, or that on the path."""
    found = [path for path in sorted(MACHINES.glob("*/bin/java")) if _is_fitting(path.parent.parent / "release")]
    on_path = shutil.which("java")
    if on_path and _is_fitting(Path(on_path).resolve().parent.parent / "release"):
        found.insert(0, Path(on_path))
    return found[0] if found else None


def maven() -> Path | None:
    found = shutil.which("mvn")
    return Path(found) if found else None


def opensearch_packages() -> Path | None:
    """The folder of the installed packages, if they are those that ``pom.xml`` names."""
    mark = FOLDER / "installed"
    return FOLDER if mark.exists() and mark.read_text() == _digest() and java() is not None else None


def install(maven: Path) -> str:
    """Fetch the packages and lay them out; returns what went wrong, empty if nothing did."""
    with TemporaryDirectory() as place:
        command = [str(maven), "-B", "-q", "-f", str(POM), "dependency:copy-dependencies", "-DincludeScope=runtime"]
        try:
            fetched = subprocess.run(
                [*command, f"-DoutputDirectory={place}"],
                capture_output=True,
                text=True,
                timeout=MAVEN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "Maven's registry does not answer"
        if fetched.returncode:
            return next((line for line in fetched.stdout.splitlines() if line.startswith("[ERROR]")), "Maven failed")[
                :300
            ]
        _lay_out(Path(place))
    return ""


def _lay_out(fetched: Path) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in ("bin", "lib", "plugins"):
        (FOLDER / name).mkdir(parents=True)
    shutil.copytree(HERE / "modules", FOLDER / "modules")
    for module, patterns in MODULES.items():
        for jar in [found for pattern in patterns for found in fetched.glob(pattern)]:
            shutil.move(jar, FOLDER / "modules" / module / jar.name)
    for jar in fetched.glob("*.jar"):
        shutil.move(jar, FOLDER / "lib" / jar.name)
    (FOLDER / "installed").write_text(_digest())


def _digest() -> str:
    return sha256(POM.read_bytes()).hexdigest()


def _is_fitting(release: Path) -> bool:
    found = re.search(r'^JAVA_VERSION="(\d{1,3})', release.read_text(), re.MULTILINE) if release.exists() else None
    return found is not None and OLDEST <= int(found[1]) <= NEWEST
