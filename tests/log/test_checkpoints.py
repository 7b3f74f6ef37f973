"""A checkpoint says what was signed, of which log; anything else that looks like one is refused with the reason."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from scenario_hall.core.keys import KeyRing
from scenario_hall.log.checkpoints import Stated, make_checkpoint, origin_of, read_file, read_note
from tests.world import World

ORIGIN = "hall.example/log"
ROOT = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


@pytest.fixture
def note(small_world: World, ring: KeyRing, tmp_path: Path) -> str:
    small_world.released_scenario()
    made = make_checkpoint(small_world.session, ring, origin=ORIGIN, file=tmp_path / "checkpoints.jsonl")
    assert made is not None
    return made.note


def test_a_signed_one_says_how_long_the_log_was_and_its_root(note: str, ring: KeyRing) -> None:
    origin, size, root = note.split("\n")[:3]
    stated = Stated(int(size), base64.b64decode(root))
    assert read_note(note, ring.public_keys()) == stated and origin == ORIGIN
    assert read_note(note, ring.public_keys(), origin=ORIGIN) == stated


def test_one_of_another_log_or_of_another_key_is_refused(note: str, ring: KeyRing, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"checkpoint of hall\.example/log, not of other\.example/log"):
        read_note(note, ring.public_keys(), origin="other.example/log")
    stranger = KeyRing(tmp_path / "others").ensure_key()
    with pytest.raises(ValueError, match="none of the hall's keys"):
        read_note(note, [stranger])
    assert read_note(note, [stranger, *ring.public_keys()]) == read_note(note, ring.public_keys())


def test_a_signature_holds_for_its_own_words_alone(note: str, ring: KeyRing) -> None:
    origin, size, root, blank, signature, end = note.split("\n")
    assert (blank, end) == ("", "")
    others = [
        [origin, str(int(size) + 1), root, "", signature, ""],
        [origin, size, ROOT, "", signature, ""],
        ["other.example/log", size, root, "", signature, ""],
        [origin, size, root, "more", "", signature, ""],
        [origin, size, root, "", signature.replace("—", "-"), ""],
        [origin, size, root, "", signature.replace(ORIGIN, "other.example/log"), ""],
        [origin, size, root, "", f"— {ORIGIN} not/base64!", ""],
        [origin, size, root, "", f"— {ORIGIN} {base64.b64encode(bytes(68)).decode()}", ""],
        [origin, size, root, "", ""],
    ]
    for lines in others:
        with pytest.raises(ValueError, match="none of the hall's keys"):
            read_note("\n".join(lines), ring.public_keys())


def test_witnesses_may_sign_beside_the_hall(note: str, ring: KeyRing) -> None:
    cosigned = f"{note}— witness.example {base64.b64encode(bytes(76)).decode()}\n"
    assert read_note(cosigned, ring.public_keys()) == read_note(note, ring.public_keys())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one line",
        f"{ORIGIN}\n5",
        f"{ORIGIN}\n-5\n{ROOT}\n",
        f"{ORIGIN}\nfive\n{ROOT}\n",
        f"{ORIGIN}\n²\n{ROOT}\n",
        f"{ORIGIN}\n５\n{ROOT}\n",
        f"{ORIGIN}\n{10**18}\n{ROOT}\n",
        f"{ORIGIN}\n5\n{base64.b64encode(bytes(31)).decode()}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str, ring: KeyRing) -> None:
    ring.ensure_key()
    with pytest.raises(ValueError, match="this is no checkpoint"):
        read_note(text, ring.public_keys())


def test_a_root_that_is_no_base64_is_refused(ring: KeyRing) -> None:
    ring.ensure_key()
    with pytest.raises(ValueError):
        read_note(f"{ORIGIN}\n5\nno base64\n", ring.public_keys())


def test_its_name_is_the_halls_address_without_its_scheme() -> None:
    assert origin_of("https://hall.example:8443/bay/") == "hall.example:8443/bay/log"
    assert origin_of("http://hall.example") == "hall.example/log"


def test_the_file_keeps_every_one_and_a_damaged_line_is_told(note: str, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints.jsonl"
    assert read_file(tmp_path / "none.jsonl") == [] and read_file(file) == [note]
    file.write_text(file.read_text() + json.dumps({"other": 1}) + "\n")
    with pytest.raises(ValueError, match="damaged"):
        read_file(file)
