"""Pictures of records: on cards and in lists, in the sizes that pages show, to those who may see them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image

from scenario_hall.config import Settings
from scenario_hall.core.files import StoredFile, drop_content, scaled_picture, store_file
from scenario_hall.core.pictures import WIDTHS
from scenario_hall.core.stores import place_of
from scenario_hall.products.models import Product
from tests.world import World


def a_picture(width: int = 1500, height: int = 1000) -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (width, height), (10, 106, 114)).save(written, "PNG")
    return io.BytesIO(written.getvalue())


def stored(hall: World, settings: Settings, product: Product, stream: io.BytesIO) -> StoredFile:
    file = store_file(
        hall.session,
        settings.files,
        stream=stream,
        name="drone.png",
        subject_kind="product",
        subject_id=product.pk,
        role="picture",
        uploaded_by=None,
    )
    hall.session.commit()
    return file


@pytest.fixture
def product(hall: World) -> Product:
    return hall.listed_product()


@pytest.fixture
def picture(hall: World, hall_settings: Settings, product: Product) -> StoredFile:
    return stored(hall, hall_settings, product, a_picture())


def test_a_picture_is_kept_in_each_width_that_was_asked_for(
    picture: StoredFile, hall_settings: Settings, visitor: FlaskClient
) -> None:
    for width in WIDTHS:
        assert visitor.get(f"/files/{picture.id}/{width}").status_code == 200
    folder = (hall_settings.files_folder / place_of(picture.sha256)).parent
    assert {path.name for path in folder.glob("*.webp")} == {f"{picture.sha256}.{width}.webp" for width in WIDTHS}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_picture_is_sent_as_wide_as_a_page_asks(width: int, picture: StoredFile, visitor: FlaskClient) -> None:
    answer = visitor.get(f"/files/{picture.id}/{width}")
    assert answer.mimetype == "image/webp"
    with Image.open(io.BytesIO(answer.data)) as image:
        assert image.size == (width, width * 2 // 3)


@pytest.mark.parametrize("width", [0, 1, 479, 100_000])
def test_no_other_width_is_made(width: int, picture: StoredFile, visitor: FlaskClient) -> None:
    assert visitor.get(f"/files/{picture.id}/{width}").status_code == 404


def test_a_small_picture_is_not_made_larger(hall: World, hall_settings: Settings, product: Product) -> None:
    file = stored(hall, hall_settings, product, a_picture(300, 200))
    with Image.open(scaled_picture(hall_settings.files, file.sha256, WIDTHS[0])) as image:
        assert image.size == (300, 200)


def test_after_a_restore_the_sizes_come_back_by_themselves(
    picture: StoredFile, hall_settings: Settings, visitor: FlaskClient
) -> None:
    for path in (hall_settings.files_folder / place_of(picture.sha256)).parent.glob("*.webp"):
        path.unlink()
    assert visitor.get(f"/files/{picture.id}/{WIDTHS[0]}").status_code == 200


def test_with_the_content_its_sizes_go(hall: World, picture: StoredFile, hall_settings: Settings) -> None:
    digest = picture.sha256
    hall.session.delete(picture)
    hall.session.commit()
    assert drop_content(hall.session, hall_settings.files, digest)
    assert list((hall_settings.files_folder / place_of(digest)).parent.glob(f"{digest}*")) == []


def test_a_draft_s_picture_is_nobody_else_s(
    hall: World, hall_settings: Settings, visitor: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    file = stored(hall, hall_settings, hall.draft_product(), a_picture())
    assert visitor.get(f"/files/{file.id}/{WIDTHS[0]}").status_code == 404
    assert as_person("maker@maker.example").get(f"/files/{file.id}/{WIDTHS[0]}").status_code == 200


def test_lists_search_and_pages_show_it_with_its_place_kept(
    picture: StoredFile, product: Product, visitor: FlaskClient, follow: Callable[[], None]
) -> None:
    follow()
    for path in ("/products/", "/search", f"/products/{product.code}"):
        page = visitor.get(path).text
        (image,) = re.findall(rf'<img[^>]*src="/files/{picture.id}/480"[^>]*>', page)
        assert 'width="480"' in image and 'height="320"' in image and "alt=" in image, path


def test_where_there_is_none_its_domain_s_drawing_stands(
    hall: World, visitor: FlaskClient, follow: Callable[[], None]
) -> None:
    scenario = hall.released_scenario(domains=["smart-health"])
    follow()
    for path in ("/", "/scenarios/", "/search", f"/scenarios/{scenario.code}"):
        assert re.search(r"domains\.\w+\.svg#smart-health", visitor.get(path).text), path
