"""What lies in ``deploy/``: each file is one that its program takes, and says what the hall itself says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from compose_spec import PyCompose

from scenario_hall.app import create_app
from scenario_hall.cli import serve
from scenario_hall.config import ROOT, Settings, load_settings
from tests.conftest import EMPTY

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
KUBERNETES = "1.34"
NOBODY = 65534
SETTING = re.compile(r"\bHALL_[A-Z_]+\b")


def known_settings() -> set[str]:
    return set(SETTING.findall("".join(Path(file).read_text() for file in (ROOT / "scenario_hall").rglob("*.py"))))


def filled(path: Path) -> dict[str, str]:
    """The variables of an example, with what its operator has to fill in."""
    pairs = [line.split("=", 1) for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return with_secrets(dict(pairs))


def with_secrets(given: dict[str, str]) -> dict[str, str]:
    assert given["HALL_SECRET_KEY"] == "", "no secret stands in a repository"
    random = {"HALL_SECRET_KEY": os.urandom(32).hex(), "HALL_METRICS_TOKEN": os.urandom(16).hex()}
    return {**given, **random}


# --- settings


def test_every_setting_that_is_named_exists() -> None:
    known = known_settings()
    named = {
        name: path for path in [*FILES, ROOT / "docs" / "operations.md"] for name in SETTING.findall(path.read_text())
    }
    assert {name: str(path) for name, path in named.items() if name not in known} == {}
    assert len(named) > 20


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*.env.example")), ids=lambda path: path.parent.name)
def test_the_example_settings_start_a_hall(path: Path) -> None:
    said = load_settings(filled(path))
    assert said.proxies == 1 and said.signing_keys is None and said.files_url and not said.is_development


# --- compose


VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}")


@pytest.fixture
def compose() -> dict[str, Any]:
    """As compose reads it: with the variables of its ``--env-file`` in their places."""
    given = filled(DEPLOY / "compose" / "hall.env.example")
    text = (DEPLOY / "compose" / "compose.yaml").read_text()
    text = VARIABLE.sub(lambda found: given.get(found[1]) or found[2] or f"no {found[1]}", text)
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def compose_takes(document: dict[str, Any]) -> bool:
    """By the Compose Specification."""
    try:
        PyCompose.from_json(json.dumps(document)).validate()
    except ValueError:
        return False
    return True


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "a word that is none": lambda service: service.update(read_onli=True),
    "no truth": lambda service: service.update(read_only="maybe"),
    "no time": lambda service: service.update(stop_grace_period="soon"),
    "no condition": lambda service: service["depends_on"]["migrate"].update(condition="service_fine"),
}


def test_compose_takes_the_file(compose: dict[str, Any]) -> None:
    assert compose_takes(compose)


@pytest.mark.parametrize("name", WRONG)
def test_what_compose_would_not_take_is_found(name: str, compose: dict[str, Any]) -> None:
    WRONG[name](compose["services"]["web-1"])
    assert not compose_takes(compose)


def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: each for name, each in compose["services"].items() if "scenario-hall" in each["image"]}


def test_there_are_two_web_services_and_two_workers_and_the_schema_comes_first(compose: dict[str, Any]) -> None:
    services = ours(compose)
    assert set(services) == {"web-1", "web-2", "worker-1", "worker-2", "migrate"}
    for name, each in services.items():
        if name != "migrate":
            assert each["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}, name
    assert services["migrate"]["command"] == ["init"] and services["migrate"]["restart"] == "no"


def test_each_service_runs_on_a_root_that_it_cannot_write_with_data_of_its_own(compose: dict[str, Any]) -> None:
    data = []
    for name, each in ours(compose).items():
        assert each["read_only"] and each["cap_drop"] == ["ALL"], name
        assert each["security_opt"] == ["no-new-privileges:true"] and each["env_file"] == "hall.env", name
        places = dict(volume.split(":")[:2][::-1] for volume in each["volumes"])
        data.append(places["/data"])
        assert set(places.values()) <= set(compose["volumes"]), name
    assert len(set(data)) == len(data), "no process needs what another one has on its disk"


def test_the_proxy_s_upstreams_are_the_web_services(compose: dict[str, Any]) -> None:
    upstream = (DEPLOY / "compose" / "upstream.conf").read_text()
    assert set(re.findall(r"server ([\w-]+):8000", upstream)) == {
        name for name in ours(compose) if name.startswith("web")
    }
    for volume in compose["services"]["proxy"]["volumes"]:
        source = (DEPLOY / "compose" / volume.split(":")[0]).resolve()
        assert source.exists() or source.name == "tls", volume


def test_the_connections_that_are_allowed_are_enough_for_all_processes(compose: dict[str, Any]) -> None:
    most = load_settings(filled(DEPLOY / "compose" / "hall.env.example")).database_connections
    processes = sum(2 if name.startswith("web") else 1 for name in ours(compose) if name != "migrate")
    allowed = int(re.search(r"max_connections=(\d+)", str(compose["services"]["database"]["command"]))[1])  # type: ignore[index]
    assert allowed >= most * processes + 20


# --- Kubernetes


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text()))


ALL = [*documents("hall.yaml"), *documents("migrate.yaml")]


def one(kind: str, name: str) -> dict[str, Any]:
    (found,) = [each for each in ALL if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


@pytest.mark.parametrize("document", ALL, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_kubernetes_takes_each_document(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


def test_its_linter_finds_a_word_that_is_none() -> None:
    wrong = one("Deployment", "hall-web")
    wrong = {**wrong, "spec": {**wrong["spec"], "replica": 3}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES, strict=True)


def pods() -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each["spec"]["template"] for each in ALL if "template" in each.get("spec", {})}


@pytest.mark.parametrize("name", ["hall-web", "hall-worker", "hall-migrate"])
def test_a_pod_is_nobody_on_a_root_that_it_cannot_write(name: str) -> None:
    spec = pods()[name]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] and spec["securityContext"]["runAsUser"] == NOBODY
    assert spec["automountServiceAccountToken"] is False
    (container,) = spec["containers"]
    bounds = container["securityContext"]
    assert bounds["readOnlyRootFilesystem"] and not bounds["allowPrivilegeEscalation"]
    assert bounds["capabilities"] == {"drop": ["ALL"]}
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/data", "/tmp", "/index"}  # noqa: S108
    assert container["image"] == pods()["hall-migrate"]["spec"]["containers"][0]["image"]


def test_no_request_is_lost_when_pods_are_replaced(hall_settings: Settings) -> None:
    web = one("Deployment", "hall-web")
    (container,) = web["spec"]["template"]["spec"]["containers"]
    assert web["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert one("PodDisruptionBudget", "hall-web")["spec"]["minAvailable"] < web["spec"]["replicas"]
    asks = create_app(hall_settings).url_map.bind("hall.test")
    for probe, path in (("readinessProbe", "/readyz"), ("startupProbe", "/readyz"), ("livenessProbe", "/healthz")):
        assert container[probe]["httpGet"]["path"] == path and asks.match(path)
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    ready = container["readinessProbe"]
    assert pause >= ready["periodSeconds"] * ready["failureThreshold"]
    assert web["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= pause + serve.GRACE_SECONDS


@pytest.mark.parametrize("kind_and_name", [("Deployment", "hall-web"), ("StatefulSet", "hall-worker")])
def test_selectors_find_their_own_pods_alone(kind_and_name: tuple[str, str]) -> None:
    owner = one(*kind_and_name)
    labels = owner["spec"]["selector"]["matchLabels"]
    assert labels == owner["spec"]["template"]["metadata"]["labels"]
    found = [name for name, pod in pods().items() if labels.items() <= pod["metadata"]["labels"].items()]
    assert found == [kind_and_name[1]]


def test_service_and_budget_mean_the_web_pods() -> None:
    labels = pods()["hall-web"]["metadata"]["labels"]
    assert one("Service", "hall")["spec"]["selector"] == labels
    assert one("PodDisruptionBudget", "hall-web")["spec"]["selector"]["matchLabels"] == labels
    ports = pods()["hall-web"]["spec"]["containers"][0]["ports"]
    assert [each["targetPort"] for each in one("Service", "hall")["spec"]["ports"]] == [each["name"] for each in ports]


def test_the_cluster_s_settings_start_a_hall() -> None:
    given = {**one("ConfigMap", "hall")["data"], **one("Secret", "hall")["stringData"]}
    said = load_settings(with_secrets(given))
    assert said.proxies == 1 and said.signing_keys is None and said.files_url


# --- systemd


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_takes_the_unit_and_finds_it_hardened(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not on this machine")
    for each in UNITS:
        text = each.read_text().replace("/srv/hall/.venv/bin/python", sys.executable).replace("/srv/hall", str(ROOT))
        (tmp_path / each.name).write_text(text)
    here = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    checked = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
        env=here,
    )
    about_ours = [line for line in checked.stderr.splitlines() if "scenario-hall" in line]
    assert about_ours == [] and checked.returncode == 0, checked.stderr
    rated = subprocess.run(
        [program, "security", "--offline=true", "--threshold=20", "--no-pager", str(tmp_path / unit.name)],
        capture_output=True,
        text=True,
        check=False,
        env=here,
    )
    assert rated.returncode == 0, rated.stdout[-300:] + rated.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_a_unit_may_write_where_its_settings_say(unit: Path) -> None:
    text = unit.read_text()
    said = load_settings(filled(DEPLOY / "systemd" / "hall.env.example"))
    writable = [Path(path) for path in re.findall(r"^ReadWritePaths=(\S+)", text, re.MULTILINE)]
    assert said.backup_dir is not None
    for place in (said.data_dir, said.search_index, said.backup_dir):
        assert any(place.is_relative_to(each) for each in writable), place
    command = re.search(r"-m scenario_hall (\w+)", text)
    assert command is not None and command[1] in {"serve", "worker", "init"}


# --- the image


def dockerfile() -> list[list[str]]:
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]


def test_hadolint_finds_nothing_in_the_dockerfile_and_something_in_a_worse_one(tmp_path: Path) -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    worse = tmp_path / "Dockerfile"
    worse.write_text((DEPLOY / "Dockerfile").read_text().replace("WORKDIR /srv/hall\nENV", "WORKDIR hall\nENV"))
    for path, status in ((DEPLOY / "Dockerfile", 0), (worse, 1)):
        done = subprocess.run([hadolint, str(path)], capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stdout + done.stderr


def test_the_image_runs_as_nobody_and_fetches_nothing_when_it_runs() -> None:
    steps = dockerfile()
    users = [value for name, value in steps if name == "USER"]
    assert users == [f"{NOBODY}:{NOBODY}"]
    assert not any(name == "ADD" for name, _ in steps)
    installs = [value for name, value in steps if name == "RUN" and "pip install" in value]
    assert installs and all("--require-hashes" in value for value in installs)
    entry = next(value for name, value in steps if name == "ENTRYPOINT")
    assert "pip" not in entry and "apt" not in entry
    assert steps[-1][0] == "CMD", "nothing is done as root after the user was named"


def test_what_the_image_takes_is_let_in_and_starts_the_hall(tmp_path: Path, sqlite_templates: dict[str, Path]) -> None:
    """The hall in a folder with what the Dockerfile copies and nothing else, of which it changes nothing."""
    taken = [value.split()[:-1] for name, value in dockerfile() if name == "COPY" and not value.startswith("--from")]
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    image = tmp_path / "image"
    for (source,) in taken:
        assert f"!{source}" in allowed, source
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, image / source)
        else:
            (image / source).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / source, image / source)
    before = sorted((str(path), path.stat().st_mtime_ns) for path in image.rglob("*"))
    data = tmp_path / "data"
    data.mkdir()
    shutil.copyfile(sqlite_templates[EMPTY], data / "hall.sqlite")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(image),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HALL_SECRET_KEY": os.urandom(32).hex(),
        "HALL_DATA_DIR": str(data),
        "HALL_SEARCH_INDEX": str(data / "index"),
        "HALL_MEANING": "off",
    }
    asked = (
        "from scenario_hall.wsgi import make; c = make().test_client();"
        "print(*(c.get(path).status_code for path in ('/readyz', '/about')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=image, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["200", "200"], done.stderr[-2000:]
    assert sorted((str(path), path.stat().st_mtime_ns) for path in image.rglob("*")) == before
