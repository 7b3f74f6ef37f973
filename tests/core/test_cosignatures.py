"""Cosignatures in C2SP's form: what is signed, byte by byte, and that nothing else is taken for one."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.cosignatures import Witness, cosignatures_of, cosigned, read_witnesses
from scenario_hall.core.keys import KeyRing

NAME, AT = "witness.example.com/w1", datetime.fromtimestamp(1679315147, UTC)
# The checkpoint of the specification's own example.
BODY = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
NOTE = (
    BODY + "\n— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
EXAMPLE_LINE = (
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
)


def test_a_line_has_the_form_of_the_specification_and_signs_its_message(tmp_path: Path) -> None:
    witness, line = cosigned(NOTE, NAME, KeyRing(tmp_path), AT)
    dash, name, value = line.split(" ")
    blob = base64.b64decode(value)
    assert (dash, name, len(line)) == ("—", NAME, len(EXAMPLE_LINE))
    assert blob[:4] == hashlib.sha256(NAME.encode() + b"\n\x04" + witness.key).digest()[:4]
    # The specification's example has the moment of this one.
    assert blob[4:12] == base64.b64decode(EXAMPLE_LINE.split(" ")[2])[4:12] == int(AT.timestamp()).to_bytes(8, "big")
    message = f"cosignature/v1\ntime {int(AT.timestamp())}\n{BODY}"
    Ed25519PublicKey.from_public_bytes(witness.key).verify(blob[12:], message.encode())


def test_it_is_found_among_others_by_whoever_knows_the_witness_alone(tmp_path: Path) -> None:
    witness, line = cosigned(NOTE, NAME, KeyRing(tmp_path / "one"), AT)
    other, _ = cosigned(NOTE, NAME, KeyRing(tmp_path / "two"), AT)
    note = f"{NOTE}{EXAMPLE_LINE}\n{line}\nnonsense\n— x !!!\n"
    assert [(each.witness, each.at, each.line) for each in cosignatures_of(note, [other, witness])] == [
        (witness, AT, line)
    ]
    assert list(cosignatures_of(note, [other])) == list(cosignatures_of(note, [])) == []


@given(st.data())
def test_no_changed_byte_is_taken(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp() / "cosigning"
    witness, line = cosigned(NOTE, NAME, KeyRing(folder), AT)
    note = f"{NOTE}{line}\n"
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(exclude_categories=("Cs",)).filter(lambda each: each != note[at]))
    changed = note[:at] + other + note[at + 1 :]
    if changed.partition("\n\n")[0] + "\n" == BODY and line in changed.splitlines():
        return  # the hall's own line is not what a witness signs
    assert list(cosignatures_of(changed, [witness])) == []


def test_a_verifier_key_is_read_as_it_is_written_and_nothing_else_is() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
    text = str(Witness(NAME, key))
    assert text.split("+", maxsplit=1)[0] == NAME and read_witnesses(f" {text}\n{text} ") == [Witness(NAME, key)] * 2
    hall_key = base64.b64encode(b"\x01" + key).decode()  # a log's own key is no witness's
    for wrong in (NAME, text[:-4], text.replace("w1", "w2"), f"{NAME}+{text.split('+')[1]}+{hall_key}", f"+{text}"):
        with pytest.raises(ValueError):
            read_witnesses(wrong)
