import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from _stack import folders
from _stack.accounts import Account, can_enter
from _stack.speech import Trouble

BIN = Path(__file__).resolve().parents[2] / "bin"
NOBODY = Account("nobody", 65534, 65534)


def closed_to_others(path: Path) -> Path:
    path.mkdir()
    path.chmod(0o700)
    return path


@pytest.fixture
def reachable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that everybody may enter, whatever the folders above it are like."""
    ours = set(tmp_path.resolve().parents) | {tmp_path.resolve()}
    real = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **how: real(Path("/") if path in ours else path, **how))
    return tmp_path


def test_an_account_enters_only_where_every_folder_lets_it(reachable: Path) -> None:
    closed = closed_to_others(reachable / "closed")
    assert can_enter(reachable / "not yet there", NOBODY)
    assert not can_enter(closed, NOBODY)
    assert not can_enter(closed / "below", NOBODY)
    owner = closed.stat()
    assert can_enter(closed, Account("owner", owner.st_uid, owner.st_gid))


def test_the_data_lies_in_the_project_unless_the_database_cannot_reach_it(reachable: Path) -> None:
    assert folders.choose_data(None, None, reachable) == reachable / "var"
    assert folders.choose_data(None, NOBODY, reachable) == reachable / "var"
    closed = closed_to_others(reachable / "closed")
    assert folders.choose_data(None, None, closed) == closed / "var"
    assert folders.choose_data(None, NOBODY, closed) == folders.reachable_data(closed)


def test_a_data_folder_of_our_own_is_opened_and_that_of_another_user_is_not(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_to_others(reachable / "var")
    assert folders.choose_data(None, NOBODY, reachable) == reachable / "var"
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert folders.choose_data(None, NOBODY, reachable) == folders.reachable_data(reachable)


def test_a_named_folder_out_of_reach_is_trouble_with_a_way_on(reachable: Path) -> None:
    closed = closed_to_others(reachable / "closed")
    with pytest.raises(Trouble) as trouble:
        folders.choose_data(str(closed / "below"), NOBODY, reachable)
    assert "'nobody', who may not enter" in trouble.value.what
    assert str(folders.reachable_data(reachable)) in trouble.value.way_on


def test_two_copies_of_the_project_have_different_data(tmp_path: Path) -> None:
    places = {folders.reachable_data(tmp_path / name / "buddying") for name in ("one", "two")}
    assert len(places) == 2


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    tmp_path.chmod(0o750)
    with pytest.raises(Trouble, match="holds other files"):
        folders.open_data(tmp_path, named=True, account=NOBODY)
    assert tmp_path.stat().st_mode & 0o777 == 0o750


def test_a_new_an_empty_and_an_earlier_data_folder_are_taken(tmp_path: Path) -> None:
    new = folders.open_data(tmp_path / "new", named=True, account=None)
    assert new.stat().st_mode & 0o777 == 0o700
    folders.Lock(new / folders.LOCK).release()
    (new / "keys.json").write_text("{}")
    folders.open_data(new, named=True, account=NOBODY)
    assert new.stat().st_mode & 0o777 == 0o711


def test_a_file_in_the_way_of_a_folder_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(Trouble, match="is not a folder"):
            folders.make_folder(path)


def test_a_lock_says_who_has_it(tmp_path: Path) -> None:
    first = folders.Lock(tmp_path / "lock")
    first.write(process="12", url="http://127.0.0.1:8000")
    with pytest.raises(folders.Taken) as taken:
        folders.Lock(tmp_path / "lock")
    assert taken.value.note == {"process": "12", "url": "http://127.0.0.1:8000"}
    first.release()
    folders.Lock(tmp_path / "lock").release()


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    holds = (
        "import sys, time; from pathlib import Path; from _stack.folders import Lock\n"
        f"lock = Lock(Path({str(tmp_path / 'lock')!r})); lock.write(process='1'); print('has it', flush=True)\n"
        "time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", holds], cwd=BIN, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(folders.Taken):
        folders.Lock(tmp_path / "lock")
    holder.kill()
    holder.communicate()
    folders.Lock(tmp_path / "lock").release()


def test_a_lock_with_a_damaged_note_is_still_a_lock(tmp_path: Path) -> None:
    first = folders.Lock(tmp_path / "lock")
    for note in ("{", json.dumps([1])):
        (tmp_path / "lock").write_text(note)
        with pytest.raises(folders.Taken) as taken:
            folders.Lock(tmp_path / "lock")
        assert taken.value.note == {}
    first.release()


def test_a_private_file_is_replaced_whole_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    (tmp_path / "keys.json.new").write_text("left by a killed run")
    for text in ("one", "two"):
        folders.write_private(path, text)
        assert path.read_text() == text
        assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["keys.json"]


def test_a_full_disk_is_trouble_before_anything_is_written(tmp_path: Path) -> None:
    folders.require_space(tmp_path / "not" / "yet", 0, "the database")
    with pytest.raises(Trouble, match="MB free, and the database needs about 1000000000 MB"):
        folders.require_space(tmp_path, 10**9, "the database")
