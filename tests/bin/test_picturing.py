from datetime import UTC, datetime, timedelta
from pathlib import Path

from _stack.picturing import MOMENT, parse, settings
from _tour.stops import STOPS
from _tour.taking import LANDING, README, index


def test_the_product_believes_that_it_is_always_the_same_moment(tmp_path: Path) -> None:
    now = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
    given = settings(tmp_path, now)
    assert now + timedelta(seconds=float(given["BROWSER_TESTS_CLOCK_AHEAD"])) == MOMENT
    assert given["BUDDYING_MODE"] == "development"


def test_what_the_readme_and_the_landing_page_show_is_on_the_tour() -> None:
    names = [stop.name for stop in STOPS]
    assert len(set(names)) == len(names)
    assert {*README, *LANDING} - set(names) == set()


def test_the_index_shows_every_page_in_every_width_and_theme() -> None:
    shown = index(STOPS)
    assert shown.count("<img ") == len(STOPS) * 2 * 3
    assert 'src="home-360-dark.png"' in shown


def test_pictures_go_where_one_says() -> None:
    options = parse(["elsewhere", "--only", "home", "--only", "meet"])
    assert (options.folder, options.docs, options.only) == (Path("elsewhere"), False, ["home", "meet"])
