"""Half-width punctuation is found in what the hall says in Chinese, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_punctuation import faults_under, marks_in
from translations.messages import catalogue_path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose catalogue is faultless."""
    path = catalogue_path("zh_Hans", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Search: %(name)s"\nmsgstr "检索：%(name)s"\n', encoding="utf-8")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def places(root: Path) -> list[str]:
    return [f"{fault.path.as_posix()}:{fault.line}" for fault in faults_under(root)]


@pytest.mark.parametrize("mark", list(",.;:?!()\"'"))
def test_each_half_width_mark_is_found_before_and_after_a_chinese_character(mark: str) -> None:
    assert len(marks_in(f"检索{mark}abc")) == (0 if mark == "." else 1)
    assert len(marks_in(f"abc{mark}检索")) == 1
    assert len(marks_in(f"检索{mark}匹配")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "检索，匹配。",
        "1. 单位通过核验",
        "至 100,000 之间",
        "请另存为 .xlsx 或 CSV",
        "以 https:// 开头",
        "Search, match.",
        "%(a)s, %(b)s",
    ],
)
def test_full_width_marks_figures_names_and_other_languages_are_left_alone(text: str) -> None:
    assert marks_in(text) == []


def test_a_placeholder_counts_as_a_chinese_character_in_a_chinese_text() -> None:
    assert len(marks_in("关于“%(name)s”:%(reason)s，请答复")) == 1


def test_a_faultless_project_has_no_fault(root: Path) -> None:
    assert places(root) == []


def test_a_fault_in_the_catalogue_is_named_by_its_line(root: Path) -> None:
    write(root, "translations/zh_Hans/LC_MESSAGES/messages.po", '\nmsgid "Search: %(name)s"\nmsgstr "检索:%(name)s"\n')
    assert places(root) == ["translations/zh_Hans/LC_MESSAGES/messages.po:2"]


def test_a_fault_in_a_template_is_found_but_not_in_what_is_typed_nor_in_an_english_sentence(root: Path) -> None:
    page = '<p>{{ _("No law defines 首试首用, so this hall does.") }}</p>\n<code>region:深圳</code>\n<p title="检索,匹配">检索(一)</p>\n'
    write(root, "templates/page.html", page)
    assert places(root) == ["templates/page.html:3"] * 3


def test_a_fault_in_code_is_found_but_not_in_a_pattern_nor_in_an_english_sentence(root: Path) -> None:
    code = '"""Pilot platforms (中试平台): organisations."""\nPATTERN = r"(?:电话|邮箱)\\s*:"\nTEXT = "检索,匹配"\n'
    write(root, "scenario_hall/web/names.py", code)
    assert places(root) == ["scenario_hall/web/names.py:3"]


def test_a_fault_in_data_is_found(root: Path) -> None:
    write(root, "scenario_hall/outcomes/data/rules.json", '{\n "zh_hans": "查新报告(一年内)"\n}\n')
    assert places(root) == ["scenario_hall/outcomes/data/rules.json:2"] * 2


@pytest.mark.parametrize("folder", ["demonstration", "search/engine", "exchange"])
def test_words_of_others_are_left_alone(root: Path, folder: str) -> None:
    write(root, f"scenario_hall/{folder}/words.py", 'TEXT = "检索,匹配"\n')
    write(root, f"scenario_hall/{folder}/words.json", '["检索,匹配"]\n')
    assert places(root) == []
