import ast
import re
import sys
from pathlib import Path

import pytest
from _stack import guard, packages

ROOT = Path(__file__).resolve().parents[2]
LOG = Path("install.log")


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """The stamp of an installation that has just been made."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("version = 3.11.7\n")
    (folder / "bin" / "python").symlink_to(sys.executable)
    return folder


@pytest.fixture
def requirements(tmp_path: Path, venv: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packages, "_runs", lambda venv: True)
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    path = tmp_path / "requirements-dev.txt"
    path.write_text("-r requirements.txt\npytest==9.2.0\n")
    (venv / f".{path.name}.stamp").write_text(packages.stamp(path, venv))
    return path


def test_an_installation_is_current_until_a_requirement_changes(requirements: Path, venv: Path) -> None:
    assert packages.is_current(requirements, venv)
    requirements.write_text("-r requirements.txt\npytest==9.2.1\n")
    assert not packages.is_current(requirements, venv)


def test_a_change_in_an_included_file_counts(requirements: Path, venv: Path) -> None:
    requirements.with_name("requirements.txt").write_text("Django==5.2.20\n")
    assert not packages.is_current(requirements, venv)


def test_another_python_counts(requirements: Path, venv: Path) -> None:
    (venv / "pyvenv.cfg").write_text("version = 3.12.1\n")
    assert not packages.is_current(requirements, venv)


def test_a_moved_venv_counts(requirements: Path, venv: Path) -> None:
    assert not packages.is_current(requirements, venv.rename(venv.with_name("moved")))


def test_a_venv_without_a_stamp_or_without_a_python_that_runs_is_not_current(
    requirements: Path, venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    (venv / "bin" / "python").unlink()
    assert not packages.is_current(requirements, venv)
    (venv / f".{requirements.name}.stamp").unlink()
    assert not packages.is_current(requirements, venv)
    assert not packages.is_current(requirements, venv / "nowhere")


@pytest.mark.parametrize(
    ("output", "what"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError: Failed to establish "
            "a new connection'\nERROR: No matching distribution found for numpy==2.4.6",
            "cannot reach the package index",
        ),
        ("error: command 'gcc' failed: No such file or directory", "had to be compiled"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "could not be compiled"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied", "may not write"),
    ],
)
def test_each_failure_of_pip_is_told_in_our_words_with_a_way_on(output: str, what: str) -> None:
    trouble = packages.diagnosis(output, LOG)
    assert what in trouble.what
    assert trouble.way_on


def test_a_failure_that_nobody_foresaw_is_told_in_the_words_of_pip() -> None:
    assert "ERROR: how odd" in packages.diagnosis("fine\nERROR: how odd\n", LOG).what


def test_compiling_is_tried_for_a_missing_wheel_and_not_for_a_missing_network() -> None:
    missing = "ERROR: No matching distribution found for numpy==2.4.6"
    assert packages.lacks_wheel(missing)
    assert not packages.lacks_wheel(f"Failed to establish a new connection\n{missing}")
    assert not packages.lacks_wheel("ERROR: how odd")


def test_only_the_last_command_is_diagnosed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("$ pip install\nNo space left on device\n$ pip install\nERROR: how odd\n")
    assert packages.output_of_last_command(log) == "pip install\nERROR: how odd\n"


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_none_names_an_index(name: str) -> None:
    pin = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+(; python_full_version < \"[\d.]+\")?")
    lines = (ROOT / name).read_text().splitlines()
    others = [line for line in lines if line and not line.startswith("#") and not pin.fullmatch(line)]
    assert others == ([] if name == "requirements.txt" else ["-r requirements.txt"])


def test_somebody_with_an_old_python_is_told_what_to_run() -> None:
    told = guard.complaint((3, 9), "/usr/bin/python3", "bin/start", ["python3.12"])
    assert "/usr/bin/python3 is 3.9" in told
    assert "python3.12 bin/start" in told
    assert "Install one" in guard.complaint((2, 7), "python", "bin/start", [])


@pytest.mark.parametrize("name", ["start", "test", "_stack/__init__.py", "_stack/guard.py"])
def test_what_an_old_python_reads_has_nothing_new_in_it(name: str) -> None:
    source = (ROOT / "bin" / name).read_text()
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef, ast.Starred)
    tree = ast.parse(source, feature_version=(3, 4))
    annotated = [node for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation]
    found = [node for node in ast.walk(tree) if isinstance(node, new) and not isinstance(node, ast.Starred)]
    assert source.isascii()
    assert annotated == found == []
