"""Views stay thin: a page asks one question, and no module of a page knows half the house."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scenario_hall.config import ROOT

WEB = ROOT / "scenario_hall" / "web"
THIN = ("outcomes", "review", "desk", "applications", "public")
MODULES = sorted(path for folder in THIN for path in (WEB / folder).glob("*.py"))
MOST_MODULES, MOST_LINES, MOST_QUESTIONS = 20, 60, 3
# Views that show one page each, with every helper of their module that they call.
PAGES = {
    "outcomes/firsts.py": ("index",),
    "outcomes/pages.py": ("show", "certificate"),
    "outcomes/follow_ups.py": ("answer",),
    "outcomes/plans.py": ("plan",),
    "review/queues.py": ("show",),
    "review/follow_through.py": ("show",),
    "desk/pages.py": ("show",),
    "public/home.py": ("show",),
    "applications/pages.py": ("show",),
    "applications/judging.py": ("show", "score"),
}


def modules_of(tree: ast.Module) -> dict[str, str]:
    """Imported name → the module of ours that it comes from."""
    return {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("scenario_hall.")
        for alias in node.names
    }


def calls_below_the_faces(tree: ast.Module, name: str) -> set[str]:
    """The functions from below the faces that a view calls, itself or through its module's own helpers."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    imported, found, seen, waiting = modules_of(tree), set(), set(), [name]
    while waiting:
        current = waiting.pop()
        seen.add(current)
        for call in (node for node in ast.walk(functions[current]) if isinstance(node, ast.Call)):
            callee = call.func.id if isinstance(call.func, ast.Name) else ""
            if callee in functions and callee not in seen:
                waiting.append(callee)
            module = imported.get(callee, "")
            if module and not module.startswith("scenario_hall.web.") and callee.islower():
                found.add(callee)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_module_of_a_page_imports_few_of_ours_and_has_no_long_function(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert len(set(modules_of(tree).values())) <= MOST_MODULES
    lines = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


@pytest.mark.parametrize("module,view", [(module, view) for module, views in PAGES.items() for view in views])
def test_a_page_asks_at_most_three_questions(module: str, view: str) -> None:
    asked = calls_below_the_faces(ast.parse((WEB / module).read_text(encoding="utf-8")), view)
    assert 1 <= len(asked) <= MOST_QUESTIONS, asked


def test_the_page_of_a_trial_asks_one() -> None:
    tree = ast.parse((WEB / "outcomes" / "pages.py").read_text(encoding="utf-8"))
    assert calls_below_the_faces(tree, "show") == {"outcome_dossier"}
