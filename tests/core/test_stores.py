"""What every store of uploaded files promises: held by a folder and by a bucket alike."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenario_hall.core.buckets import BucketAddress, BucketStore
from scenario_hall.core.db import transaction
from scenario_hall.core.files import StoredFile, drop_content, store_file
from scenario_hall.core.stores import FileStore, FolderStore, LostContentError, OutOfReachError, content_of, place_of
from tests.buckets import KEY, PrivateBuckets
from tests.world import World

BYTES = b"%PDF-1.7 evidence"
DIGEST = hashlib.sha256(BYTES).hexdigest()
MANY = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return FolderStore(tmp_path / "files")
    return bucket_of(request.getfixturevalue("buckets").make())


def bucket_of(url: str, key: str = KEY) -> BucketStore:
    return BucketStore(BucketAddress.read(url), key)


@MANY
@given(content=st.binary(max_size=200_000), width=st.sampled_from(["480.webp", "960.webp"]))
def test_what_is_kept_comes_back_byte_by_byte_and_goes_with_its_variants(
    store: FileStore, content: bytes, width: str
) -> None:
    digest = hashlib.sha256(content).hexdigest()
    for _ in range(2):  # kept again it is the same
        store.put(digest, content)
        store.put(digest, b"narrow", width)
    assert store.has(digest) and store.has(digest, width) and not store.has(digest, "1.webp")
    assert content_of(store, digest) == content and content_of(store, digest, width) == b"narrow"
    store.drop(digest)
    assert not store.has(digest) and not store.has(digest, width)
    store.drop(digest)  # nothing is there, and that is no fault
    with pytest.raises(LostContentError):
        store.open(digest)
    with pytest.raises(LostContentError):
        store.open(digest, width)


def test_any_part_can_be_read(store: FileStore) -> None:
    store.put(DIGEST, BYTES)
    with store.open(DIGEST) as content:
        assert content.seek(0, io.SEEK_END) == len(BYTES)
        content.seek(5)
        assert content.read(3) == BYTES[5:8]


def test_it_is_empty_until_something_is_kept(store: FileStore) -> None:
    assert store.is_empty()
    store.put(DIGEST, BYTES)
    assert not store.is_empty()
    store.drop(DIGEST)
    assert not store.has(DIGEST)


def test_what_goes_takes_nothing_else_with_it(store: FileStore) -> None:
    other = DIGEST[:-1] + ("0" if DIGEST[-1] != "0" else "1")  # its neighbour in the same folder
    store.put(DIGEST, BYTES)
    store.put(other, b"another", "480.webp")
    store.drop(DIGEST)
    assert store.has(other, "480.webp")


def test_an_upload_is_kept_once_and_goes_with_its_last_row(store: FileStore, world: World) -> None:
    def upload() -> StoredFile:
        with transaction(world.session):
            return store_file(
                world.session,
                store,
                stream=io.BytesIO(BYTES),
                name="a.pdf",
                subject_kind="scenario",
                subject_id=1,
                role="attachment",
                uploaded_by=None,
            )

    first, second = upload(), upload()
    for file, is_last in ((first, False), (second, True)):
        with transaction(world.session):
            world.session.delete(file)
        assert drop_content(world.session, store, DIGEST) is is_last
        assert store.has(DIGEST) is not is_last


def test_two_halls_may_share_a_bucket_under_their_own_prefixes(buckets: PrivateBuckets) -> None:
    url = buckets.make()
    one, other = bucket_of(url), bucket_of(url.replace("of-the-hall", "of-another"))
    one.put(DIGEST, BYTES)
    assert other.is_empty() and not other.has(DIGEST)
    other.drop(DIGEST)
    assert one.has(DIGEST)


def test_what_was_changed_in_the_bucket_is_never_handed_out(buckets: PrivateBuckets) -> None:
    url = buckets.make()
    address, store = BucketAddress.read(url), bucket_of(url)
    store.put(DIGEST, BYTES)
    buckets.client().put_object(Bucket=address.bucket, Key=f"{address.prefix}{place_of(DIGEST)}", Body=BYTES + b"!")
    with pytest.raises(LostContentError, match="has the SHA-256"):
        store.open(DIGEST)


OUT_OF_REACH: dict[str, Callable[[FileStore], object]] = {
    "open": lambda store: store.open(DIGEST),
    "put": lambda store: store.put(DIGEST, BYTES),
    "drop": lambda store: store.drop(DIGEST),
    "is_empty": lambda store: store.is_empty(),
}


@pytest.mark.parametrize("name", OUT_OF_REACH)
@pytest.mark.parametrize("place", ["nobody listens", "no such bucket"])
def test_a_store_that_does_not_answer_is_told_from_a_content_that_is_lost(
    name: str, place: str, buckets: PrivateBuckets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenario_hall.core.buckets.ATTEMPTS", 1)
    url = f"s3://nobodys-bucket?endpoint={buckets.endpoint}"
    if place == "nobody listens":
        url = "s3://hall?endpoint=http://127.0.0.1:9"
    with pytest.raises(OutOfReachError):
        OUT_OF_REACH[name](bucket_of(url))


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("s3://b", BucketAddress("b", "", None, "us-east-1", "virtual")),
        ("s3://b/p/q/?region=cn-north-1", BucketAddress("b", "p/q/", None, "cn-north-1", "virtual")),
        ("s3://b?endpoint=https://s3.test:9000", BucketAddress("b", "", "https://s3.test:9000", "us-east-1", "path")),
        (
            "s3://b?endpoint=https://oss.test&addressing=virtual",
            BucketAddress("b", "", "https://oss.test", "us-east-1", "virtual"),
        ),
    ],
)
def test_an_address_says_where_the_bucket_is(url: str, read: BucketAddress) -> None:
    assert BucketAddress.read(url) == read


@pytest.mark.parametrize(
    "url",
    [
        "https://b",
        "s3://",
        "s3:///p",
        "s3://id:secret@b",
        "s3://b?endpoint=s3.test",
        "s3://b?endpoint=",
        "s3://b?endpoint=ftp://s3.test",
        "s3://b?end_point=https://s3.test",
        "s3://b?endpoint=https://s3.test&addressing=host",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        BucketAddress.read(url)
