"""What developers keep in parts leaves for production as one style sheet and one script."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import storage
from django.core.management import call_command

from buddying import static_files

STATIC = Path(__file__).resolve().parents[2] / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """As ``collectstatic`` leaves them in production."""
    folder = tmp_path_factory.mktemp("static")
    joined = static_files.JoinedStaticFilesStorage(location=str(folder), base_url="/static/")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.staticfiles_storage, "_wrapped", joined)
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def leaves_as(collected: Path, name: str) -> str:
    named = json.loads((collected / "staticfiles.json").read_text())["paths"]
    return (collected / named[name]).read_text()


def test_one_style_sheet(collected: Path) -> None:
    sheet = leaves_as(collected, "css/site.css")
    assert "@import" not in sheet
    rules = [".skip-link {", ".button-primary {", "@media print {", "--paper: light-dark("]
    assert [rule for rule in rules if rule not in sheet] == []


def test_its_files_are_found_from_where_it_lies(collected: Path) -> None:
    found = re.findall(r'url\("([^"]+)"\)', leaves_as(collected, "css/site.css"))
    assert found and [path for path in found if not (collected / "css" / path).exists()] == []


def test_one_script(collected: Path) -> None:
    script = leaves_as(collected, "js/site.js")
    assert re.findall(r"^\s*(import|export) .*", script, re.MULTILINE) == []
    assert script.count("})();\n") == len(list((STATIC / "js/site.js").read_text().split("import {"))) - 1


def test_each_has_a_packed_copy_beside_it(collected: Path) -> None:
    named = json.loads((collected / "staticfiles.json").read_text())["paths"]
    asked = [
        f"{named[name]}{end}" for name in ("css/site.css", "js/site.js", "img/icons.svg") for end in (".br", ".gz")
    ]
    assert [name for name in asked if not (collected / name).exists()] == []


def test_no_component_is_forgotten() -> None:
    parts = static_files.PART_OF_STYLE.findall((STATIC / "css/site.css").read_text())
    components = {f"components/{path.name}" for path in (STATIC / "css/components").iterdir()}
    assert {part for part in parts if part.startswith("components/")} == components


def test_a_part_elsewhere_names_no_file_beside_it() -> None:
    """Its place would be another one in the joined sheet."""
    assert [path.name for path in (STATIC / "css/components").iterdir() if "url(" in path.read_text()] == []


def test_what_a_part_does_not_export_stays_its_own() -> None:
    one = "const own = 1;\n\nexport function startOne() {}\n"
    joined = static_files.script('import { startOne } from "./one.js";\n\nstartOne();\n', {"one.js": one}.__getitem__)
    part = "const { startOne } = (() => {\nconst own = 1;\n\nfunction startOne() {}\nreturn { startOne };\n})();\n"
    assert joined == f"{part}\nstartOne();\n"


def test_in_development_a_browser_loads_the_parts() -> None:
    named = static_files.with_parts("js/site.js")
    assert named[0] == "js/site.js"
    assert {"js/dialogs.js", "js/unsent.js"} <= set(named)
