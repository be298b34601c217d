import re
from pathlib import Path

import pytest
from _stack import debian, paper
from _stack.speech import Trouble

DOCKERFILE = Path(__file__).resolve().parents[2] / "Dockerfile"


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    monkeypatch.setattr(paper, "TRIED", tmp_path / "tried")
    monkeypatch.setattr(paper.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(debian, "can_install", lambda: True)
    asked: list[str] = []
    monkeypatch.setattr(debian, "install", lambda names, purpose, log: asked.extend(names))
    return asked


def test_what_is_missing_is_installed_where_that_is_allowed(lacking: list[str], tmp_path: Path) -> None:
    paper.ensure_typesetter(tmp_path / "install.log")
    assert lacking == ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]


def test_the_image_has_it() -> None:
    installs = re.search(r"apt-get install ([^&]*)", DOCKERFILE.read_text())
    assert installs and set(paper.PACKAGES.values()) <= set(installs[1].split())


def test_without_it_the_start_goes_on_and_asks_no_second_time(
    lacking: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(names: list[str], purpose: str, log: Path) -> None:
        raise Trouble("apt-get could not install it", "install it by hand")

    monkeypatch.setattr(debian, "install", refuse)
    for _ in range(2):
        paper.ensure_typesetter(tmp_path / "install.log")
    said = capsys.readouterr().out
    assert said.count("There are no PDF files here") == 1
    assert "apt-get install libpango-1.0-0" in said
