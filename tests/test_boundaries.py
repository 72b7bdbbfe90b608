"""What may import what, read from the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DASHBOARD = ROOT / "dashboard"
ENTITIES = {file.parent.name for file in (DASHBOARD / "entities").glob("*/__init__.py")}


def imports(file: Path) -> Iterator[str]:
    """Every module a file imports, with relative ones spelled out."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            module = f"{base}{node.module or ''}".rstrip(".")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def files(folder: str) -> list[Path]:
    return sorted((DASHBOARD / folder).rglob("*.py"))


def breaking(folder: str, *roots: str, allowed: str = "") -> list[str]:
    return [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files(folder)
        for name in imports(file)
        if any(name == root or name.startswith(f"{root}.") for root in roots)
        and not (allowed and (name == allowed or name.startswith(f"{allowed}.")))
    ]


def test_the_client_knows_neither_django_nor_the_dashboard() -> None:
    assert files("flowtly")
    assert breaking("flowtly", "django", "allauth") == []
    assert breaking("flowtly", "dashboard", allowed="dashboard.flowtly") == []


def test_the_sandbox_knows_neither_django_nor_the_client() -> None:
    assert files("sandbox")
    assert breaking("sandbox", "django", "allauth", "httpx") == []
    assert breaking("sandbox", "dashboard", allowed="dashboard.sandbox") == []


def test_only_the_client_knows_http() -> None:
    knowing = {
        str(file.relative_to(DASHBOARD).parts[0])
        for file in files("")
        for name in imports(file)
        if name.split(".")[0] in {"httpx", "httpcore", "requests", "urllib3"}
    }
    assert knowing == {"flowtly"}


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_an_entity_package_does_not_know_another(entity: str) -> None:
    assert files(f"entities/{entity}")
    others = [f"dashboard.entities.{other}" for other in ENTITIES - {entity}]
    assert breaking(f"entities/{entity}", *others) == []


def test_only_connection_knows_which_api_it_is() -> None:
    reading = {
        str(file.relative_to(DASHBOARD))
        for file in files("")
        if "FLOWTLY_BASE_URL" in file.read_text() or "FLOWTLY_PASSWORD" in file.read_text()
    }
    # The settings read it, make run may set it, the frame says its name, and a message that it may be wrong.
    known = {
        "upstream/connection.py",
        "settings/__init__.py",
        "run.py",
        "web/navigation.py",
        "web/error_words.py",
    }
    assert reading == known


def test_templates_hold_no_script_style_or_handler() -> None:
    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text().lower()
        assert "<script>" not in text, file
        assert "<style" not in text, file
        assert ' style="' not in text, file
        assert "hx-on" not in text, file
        assert "|safe" not in text, file
        assert not any(f" {handler}=" in text for handler in ("onclick", "onchange", "onsubmit", "onload")), (
            file
        )
