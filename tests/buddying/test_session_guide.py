import pytest

from sessions_log.guide import phases


@pytest.mark.parametrize("minutes", range(5, 121))
def test_the_phases_fill_the_turn(minutes: int) -> None:
    lengths = [phase.minutes for phase in phases(minutes)]
    assert sum(lengths) == minutes
    assert min(lengths) >= 1


def test_half_an_hour() -> None:
    assert [(phase.name, phase.minutes) for phase in phases(30)] == [
        ("Orientation", 5),
        ("Shared scrutiny", 15),
        ("Moving forward", 10),
    ]
