import pytest

from matching.engine import HardRules, Policy, PolicyError, SoftWeights

TOML = """
odd = "wait"
order = "balanced"
[rules]
department = "different"
max_commitment_factor = 1.5
min_score = 450
[weights]
different_level = -2
"""


def test_reads_toml() -> None:
    policy = Policy.from_toml(TOML)
    assert policy == Policy(
        odd="wait",
        order="balanced",
        rules=HardRules(department="different", max_commitment_factor=1.5, min_score=450),
        weights=SoftWeights(different_level=-2),
    )
    assert Policy.from_dict(policy.to_dict()) == policy


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("odd = 'none'", "odd must be one of trio, wait"),
        ("even = 1", "even is not a setting"),
        ("rules = 3", "rules must be a table"),
        ("[rules]\nmax_gap = 1", "rules.max_gap is not a setting"),
        ("[rules]\nmax_level_gap = -1", "rules.max_level_gap must be a whole number from 0 on"),
        ("[rules]\nmax_level_gap = 1.5", "rules.max_level_gap must be a whole number"),
        ("[rules]\nwhole_line = 1", "rules.whole_line must be true or false"),
        ("[rules]\nmax_commitment_factor = 0.5", "rules.max_commitment_factor must be a number from 1 on"),
        ("[rules]\nmin_score = 1001", "rules.min_score must be a whole number from 0 to 1000"),
        ("[rules]\nmin_score = true", "rules.min_score must be a whole number"),
        ("[weights]\ncommon_time = 'much'", "weights.common_time must be a whole number"),
        ("[weights]\nenough_hours = 0", "weights.enough_hours must be 1 or more"),
        ("odd = ", "Invalid value"),
    ],
)
def test_names_what_it_cannot_read(text: str, named: str) -> None:
    with pytest.raises(PolicyError, match=named):
        Policy.from_toml(text)
