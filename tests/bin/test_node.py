from __future__ import annotations

from pathlib import Path

import pytest
from _stack import node
from _stack.speech import Trouble


def test_without_node_and_without_a_way_to_get_it_there_is_a_way_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(node, "KEPT", tmp_path)
    monkeypatch.setattr(node.shutil, "which", lambda name: None)
    monkeypatch.setattr(node.debian, "can_install", lambda: False)
    with pytest.raises(Trouble) as trouble:
        node.ensure_provider(tmp_path / "install.log")
    assert "apt-get install nodejs npm" in trouble.value.way_on


def test_what_is_there_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(node, "KEPT", tmp_path)
    folder = tmp_path / f"oidc-{node.fingerprint()}"
    folder.mkdir()
    (folder / ".complete").touch()
    monkeypatch.setenv("PATH", "")
    assert node.ensure_provider(tmp_path / "install.log") == folder


def test_another_version_is_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = node.fingerprint()
    for name in node.FILES:
        (tmp_path / name).write_bytes((node.SOURCE / name).read_bytes() + b"\n")
    monkeypatch.setattr(node, "SOURCE", tmp_path)
    assert node.fingerprint() != before
