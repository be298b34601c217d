from pathlib import Path

import pytest
from _stack import debian, gathering
from _stack.speech import Trouble


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr(gathering.shutil, "which", lambda name: None)
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda names, purpose, log: asked.extend(names))
    return asked


def test_what_is_missing_is_installed_where_that_is_allowed(asked: list[str], tmp_path: Path) -> None:
    gathering.ensure_gettext(tmp_path / "install.log")
    assert asked == ["gettext"]


def test_what_is_there_is_left_alone(asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gathering.shutil, "which", lambda name: f"/usr/bin/{name}")
    gathering.ensure_gettext(tmp_path / "install.log")
    assert asked == []


@pytest.mark.parametrize("is_root", [True, False])
def test_without_it_the_tests_go_on(
    is_root: bool,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(names: list[str], purpose: str, log: Path) -> None:
        raise Trouble("apt-get could not install it", "run: apt-get install gettext")

    monkeypatch.setattr(debian, "can_install", lambda: is_root)
    monkeypatch.setattr(debian, "install", refuse)
    gathering.ensure_gettext(tmp_path / "install.log")
    said = capsys.readouterr().out
    assert "The test of the translations will fail" in said
    assert "apt-get install gettext" in said
