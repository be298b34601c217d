from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from buddying.words import counted
from matching import engine

COUNTS = [(0, "Does not matter"), (1, "Counts a little"), (3, "Counts"), (6, "Counts a lot")]
DIFFERENT = [
    (-3, "Rather the same"),
    (0, "Does not matter"),
    (1, "Rather different, counts a little"),
    (3, "Rather different"),
    (6, "Rather different, counts a lot"),
]
DEPARTMENTS = {"any": "No rule", "different": "Always different departments", "same": "Always the same department"}
DEFAULT = engine.Policy()
WEIGHTS = (
    "common_time",
    "similar_commitment",
    "wants_and_offers",
    "different_goals",
    "different_department",
    "different_level",
    "same_place",
)

# What a lead may begin with; each names the fields in which it differs from the engine's own choice.
PRESETS: dict[str, tuple[str, dict[str, Any]]] = {
    "wishes": ("Wishes first", {}),
    "across": ("Across the organisation", {"weight_different_department": 6, "weight_different_level": 3}),
    "easy": ("Easy to meet", {"min_common_hours": 1, "weight_common_time": 6, "weight_same_place": 3}),
    "learning": ("Learn from each other", {"weight_wants_and_offers": 6, "weight_different_goals": 3}),
    "new": ("New faces", {"no_repeat_within": 3, "weight_different_department": 3}),
}


class _Weight(forms.TypedChoiceField):
    def __init__(self, part: str, label: str, choices: list[tuple[int, str]]) -> None:
        default = getattr(DEFAULT.weights, part)
        super().__init__(label=label, choices=choices, coerce=int, required=False, initial=default, empty_value=default)


def _number(label: str, least: int, most: int, help_text: str) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, help_text=help_text, widget=widget
    )


class PolicyForm(forms.Form):
    """What the lead decides before a run: rules, then wishes that the engine weighs."""

    odd = forms.ChoiceField(
        label="If the number of people is odd",
        choices=[
            ("trio", "One pairing is a trio, the one that fits best"),
            ("wait", "One person waits for the next chance"),
        ],
        initial="trio",
        widget=forms.RadioSelect,
    )
    min_common_hours = _number(
        "Free hours a week in common, at least",
        1,
        40,
        "Leave this empty to let free time be a wish and not a rule. It never rules out people who have not said when "
        "they are free.",
    )
    no_repeat_within = _number(
        "Nobody with a buddy of the last … cohorts", 1, 20, "Leave this empty to let people meet again."
    )
    department = forms.ChoiceField(
        label="Departments",
        required=False,
        choices=list(DEPARTMENTS.items()),
        initial="any",
        help_text="Somebody whose department is not known can be paired with anybody.",
    )
    whole_line = forms.BooleanField(
        label="Nobody with anybody above them",
        required=False,
        help_text="Nobody is ever paired with their own manager. This also keeps apart people and their manager’s "
        "manager, and so on up.",
    )
    max_level_gap = _number("Levels apart, at most", 0, 20, "0 keeps to the same level. Empty: any levels.")
    max_commitment_factor = forms.TypedChoiceField(
        label="Hours a month that they can give",
        required=False,
        coerce=float,
        empty_value=None,
        choices=[
            ("", "No rule"),
            ("1.5", "One gives at most half as much again"),
            ("2.0", "One gives at most twice as much"),
            ("3.0", "One gives at most three times as much"),
        ],
    )
    same_place = forms.BooleanField(
        label="Always the same place", required=False, help_text="For pairs that are to meet in person."
    )
    order = forms.ChoiceField(
        label="What comes first",
        required=False,
        choices=[
            ("nominations-first", "Whom people named, then the wishes below"),
            ("balanced", "Both are weighed against each other"),
        ],
        initial="nominations-first",
        widget=forms.RadioSelect,
    )
    weight_common_time = _Weight("common_time", "Free time in common", COUNTS)
    enough_hours = _number(
        "Free hours a week that are enough", 1, 40, "From so many hours in common on, more is no better."
    )
    weight_similar_commitment = _Weight("similar_commitment", "Similar time to give", COUNTS)
    weight_wants_and_offers = _Weight("wants_and_offers", "One can help with what the other wants to learn", COUNTS)
    weight_different_goals = _Weight("different_goals", "What they would like to get better at", DIFFERENT)
    weight_different_department = _Weight("different_department", "Their departments", DIFFERENT)
    weight_different_level = _Weight("different_level", "Their levels", DIFFERENT)
    weight_same_place = _Weight("same_place", "The same place", COUNTS)

    everyday_names = ("odd", "min_common_hours", "no_repeat_within", "department")
    rule_names = ("whole_line", "max_level_gap", "max_commitment_factor", "same_place")

    def everyday(self) -> list[BoundField]:
        return [self[name] for name in self.everyday_names]

    def further_rules(self) -> list[BoundField]:
        return [self[name] for name in self.rule_names]

    def wishes(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.everyday_names + self.rule_names]

    @property
    def further_is_open(self) -> bool:
        """Something was refused there, or a preset has set it."""
        hidden = [field.name for field in self.further_rules() + self.wishes()]
        return any(name in self.errors or name in self.initial for name in hidden)

    def policy(self) -> engine.Policy:
        given = self.cleaned_data
        rules = engine.HardRules(
            whole_line=given["whole_line"],
            no_repeat_within=given["no_repeat_within"],
            max_level_gap=given["max_level_gap"],
            department=given["department"] or "any",
            min_common_hours=given["min_common_hours"],
            max_commitment_factor=given["max_commitment_factor"],
            same_place=given["same_place"],
        )
        weights = engine.SoftWeights(
            **{part: given[f"weight_{part}"] for part in WEIGHTS},
            enough_hours=given["enough_hours"] or DEFAULT.weights.enough_hours,
        )
        return engine.Policy(odd=given["odd"], order=given["order"] or DEFAULT.order, rules=rules, weights=weights)


def policy_form(data: Any, preset: str | None) -> PolicyForm:
    return PolicyForm(data, initial=PRESETS.get(preset or "", ("", {}))[1])


def in_words(policy: dict[str, Any]) -> list[str]:
    """The settings of a run, as its lead would say them."""
    rules = policy.get("rules")
    rules = rules if isinstance(rules, dict) else {}
    words = ["Odd number: one person waits" if policy.get("odd") == "wait" else "Odd number: a trio"]
    return words + list(_rules_in_words(rules)) + list(_wishes_in_words(policy))


def _rules_in_words(rules: dict[str, Any]) -> Iterator[str]:
    if rules.get("whole_line"):
        yield "Nobody with anybody above them"
    if hours := rules.get("min_common_hours"):
        yield f"At least {counted(hours, 'free hour', 'free hours')} a week in common"
    if cohorts := rules.get("no_repeat_within"):
        yield f"Nobody with a buddy of the last {counted(cohorts, 'cohort', 'cohorts').removeprefix('1 ')}"
    if (department := rules.get("department", "any")) != "any":
        yield DEPARTMENTS[department]
    if (gap := rules.get("max_level_gap")) is not None:
        yield f"At most {counted(gap, 'level', 'levels')} apart" if gap else "The same level"
    if factor := rules.get("max_commitment_factor"):
        yield f"One gives at most {factor:g} times the other’s hours"
    if rules.get("same_place"):
        yield "The same place"


def _wishes_in_words(policy: dict[str, Any]) -> Iterator[str]:
    if policy.get("order") == "balanced":
        yield "Nominations weighed against the other wishes"
    weights = policy.get("weights") or {}
    standard = DEFAULT.to_dict()["weights"]
    if any(weights.get(part, standard[part]) != standard[part] for part in [*WEIGHTS, "enough_hours"]):
        yield "Other wishes than usual"
