from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from buddying.models import Person
from matching import engine
from matching.saying import decimal

COUNTS = [(0, _("Does not matter")), (1, _("Counts a little")), (3, _("Counts")), (6, _("Counts a lot"))]
DIFFERENT = [
    (-3, _("Rather the same")),
    (0, _("Does not matter")),
    (1, _("Rather different, counts a little")),
    (3, _("Rather different")),
    (6, _("Rather different, counts a lot")),
]
DEPARTMENTS = {
    "any": _("No rule"),
    "different": _("Always different departments"),
    "same": _("Always the same department"),
}
ODD = [
    ("trio", _("One pairing is a trio, the one that fits best")),
    ("lead", _("One of the leads joins")),
    ("wait", _("One person waits, and comes first next time")),
]
ODD_IN_WORDS = {
    "wait": _("Odd number: one person waits"),
    "lead": _("Odd number: one of the leads joins"),
    "trio": _("Odd number: a trio"),
}
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
PRESETS: dict[str, tuple[Any, dict[str, Any]]] = {
    "wishes": (_("Wishes first"), {}),
    "across": (_("Across the organisation"), {"weight_different_department": 6, "weight_different_level": 3}),
    "easy": (_("Easy to meet"), {"min_common_hours": 1, "weight_common_time": 6, "weight_same_place": 3}),
    "learning": (_("Learn from each other"), {"weight_wants_and_offers": 6, "weight_different_goals": 3}),
    "new": (_("New faces"), {"no_repeat_within": 3, "weight_different_department": 3}),
}


class _Weight(forms.TypedChoiceField):
    def __init__(self, part: str, label: Any, choices: list[tuple[int, Any]]) -> None:
        default = getattr(DEFAULT.weights, part)
        super().__init__(label=label, choices=choices, coerce=int, required=False, initial=default, empty_value=default)


def _number(label: Any, least: int, most: int, help_text: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, help_text=help_text, widget=widget
    )


class PolicyForm(forms.Form):
    """What the lead decides before a run: rules, then wishes that the engine weighs."""

    odd = forms.ChoiceField(
        label=_("If the number of people is odd"),
        choices=ODD,
        initial="trio",
        widget=forms.RadioSelect,
    )
    stand_in = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("The lead who would join"),
        required=False,
        empty_label=_("Choose"),
        help_text=_(
            "Only if you have chosen that above, and only if it gives one more person a buddy. They are never "
            "paired with somebody who reports to them. From publishing on they take part like everybody else."
        ),
    )
    min_common_hours = _number(
        _("Free hours a week in common, at least"),
        1,
        40,
        _(
            "Leave this empty to let free time be a wish and not a rule. It never rules out people who have not said "
            "when they are free."
        ),
    )
    no_repeat_within = _number(
        _("Nobody with a buddy of the last … cohorts"), 1, 20, _("Leave this empty to let people meet again.")
    )
    department = forms.ChoiceField(
        label=_("Departments"),
        required=False,
        choices=list(DEPARTMENTS.items()),
        initial="any",
        help_text=_("Somebody whose department is not known can be paired with anybody."),
    )
    whole_line = forms.BooleanField(
        label=_("Nobody with anybody above them"),
        required=False,
        help_text=_(
            "Nobody is ever paired with their own manager. This also keeps apart people and their manager’s manager, "
            "and so on up."
        ),
    )
    max_level_gap = _number(_("Levels apart, at most"), 0, 20, _("0 keeps to the same level. Empty: any levels."))
    max_commitment_factor = forms.TypedChoiceField(
        label=_("Hours a month that they can give"),
        required=False,
        coerce=float,
        empty_value=None,
        choices=[
            ("", _("No rule")),
            ("1.5", _("One gives at most half as much again")),
            ("2.0", _("One gives at most twice as much")),
            ("3.0", _("One gives at most three times as much")),
        ],
    )
    same_place = forms.BooleanField(
        label=_("Always the same place"), required=False, help_text=_("For pairs that are to meet in person.")
    )
    min_score = _number(
        _("How well two people fit, at least, in per cent"),
        1,
        100,
        _("0 % is none of the wishes below met, 100 % all of them. Leave this empty to set no limit."),
    )
    order = forms.ChoiceField(
        label=_("What comes first"),
        required=False,
        choices=[
            ("nominations-first", _("Whom people named, then the wishes below")),
            ("balanced", _("Both are weighed against each other")),
        ],
        initial="nominations-first",
        widget=forms.RadioSelect,
    )
    weight_common_time = _Weight("common_time", _("Free time in common"), COUNTS)
    enough_hours = _number(
        _("Free hours a week that are enough"), 1, 40, _("From so many hours in common on, more is no better.")
    )
    weight_similar_commitment = _Weight("similar_commitment", _("Similar time to give"), COUNTS)
    weight_wants_and_offers = _Weight("wants_and_offers", _("One can help with what the other wants to learn"), COUNTS)
    weight_different_goals = _Weight("different_goals", _("What they would like to get better at"), DIFFERENT)
    weight_different_department = _Weight("different_department", _("Their departments"), DIFFERENT)
    weight_different_level = _Weight("different_level", _("Their levels"), DIFFERENT)
    weight_same_place = _Weight("same_place", _("The same place"), COUNTS)

    everyday_names = ("odd", "stand_in", "min_common_hours", "no_repeat_within", "department")
    rule_names = ("whole_line", "max_level_gap", "max_commitment_factor", "same_place", "min_score")

    def __init__(self, *args: Any, leads: QuerySet[Person] | None = None, **options: Any) -> None:
        """``leads``: who could join; without any, that cannot be chosen."""
        super().__init__(*args, **options)
        if leads is not None and leads.exists():
            cast("forms.ModelChoiceField[Person]", self.fields["stand_in"]).queryset = leads
        else:
            del self.fields["stand_in"]
            odd = cast(forms.ChoiceField, self.fields["odd"])
            odd.choices = [choice for choice in ODD if choice[0] != "lead"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("odd") == "lead" and not given.get("stand_in") and "stand_in" not in self.errors:
            self.add_error("stand_in", gettext("Choose the lead who would join."))
        return given

    def everyday(self) -> list[BoundField]:
        return [self[name] for name in self.everyday_names if name in self.fields]

    def further_rules(self) -> list[BoundField]:
        return [self[name] for name in self.rule_names]

    def wishes(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in self.everyday_names + self.rule_names]

    @property
    def further_is_open(self) -> bool:
        """Something was refused there, or a preset has set it."""
        hidden = [field.name for field in self.further_rules() + self.wishes()]
        return any(name in self.errors or name in self.initial for name in hidden)

    def lead_who_joins(self) -> Person | None:
        return self.cleaned_data.get("stand_in") if self.cleaned_data["odd"] == "lead" else None

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
            min_score=10 * given["min_score"] if given["min_score"] else None,
        )
        weights = engine.SoftWeights(
            **{part: given[f"weight_{part}"] for part in WEIGHTS},
            enough_hours=given["enough_hours"] or DEFAULT.weights.enough_hours,
        )
        return engine.Policy(odd=given["odd"], order=given["order"] or DEFAULT.order, rules=rules, weights=weights)


def policy_form(data: Any, preset: str | None, leads: QuerySet[Person] | None = None) -> PolicyForm:
    return PolicyForm(data, initial=PRESETS.get(preset or "", ("", {}))[1], leads=leads)


def in_words(policy: dict[str, Any], joins: str = "") -> list[str]:
    """The settings of a run, as its lead would say them. ``joins``: what is said of the lead who would."""
    rules = policy.get("rules")
    rules = rules if isinstance(rules, dict) else {}
    odd = joins or str(ODD_IN_WORDS.get(policy.get("odd", ""), ODD_IN_WORDS["trio"]))
    return [odd, *_rules_in_words(rules), *_wishes_in_words(policy)]


def _rules_in_words(rules: dict[str, Any]) -> Iterator[str]:
    if rules.get("whole_line"):
        yield gettext("Nobody with anybody above them")
    if hours := rules.get("min_common_hours"):
        yield ngettext(
            "At least %(count)d free hour a week in common", "At least %(count)d free hours a week in common", hours
        ) % {"count": hours}
    if cohorts := rules.get("no_repeat_within"):
        yield _no_repeat(cohorts)
    if (department := rules.get("department", "any")) != "any":
        yield str(DEPARTMENTS[department])
    if (gap := rules.get("max_level_gap")) is not None:
        yield _levels_apart(gap)
    if factor := rules.get("max_commitment_factor"):
        yield gettext("One gives at most %(factor)s times the other’s hours") % {"factor": decimal(factor)}
    if rules.get("same_place"):
        yield gettext("The same place")
    if score := rules.get("min_score"):
        yield gettext("Nobody who fits less than %(share)d %%") % {"share": score // 10}


def _no_repeat(cohorts: int) -> str:
    words = ngettext(
        "Nobody with a buddy of the last cohort", "Nobody with a buddy of the last %(count)d cohorts", cohorts
    )
    return words % {"count": cohorts}


def _levels_apart(gap: int) -> str:
    if not gap:
        return gettext("The same level")
    return ngettext("At most %(count)d level apart", "At most %(count)d levels apart", gap) % {"count": gap}


def _wishes_in_words(policy: dict[str, Any]) -> Iterator[str]:
    if policy.get("order") == "balanced":
        yield gettext("Nominations weighed against the other wishes")
    weights = policy.get("weights") or {}
    standard = DEFAULT.to_dict()["weights"]
    if any(weights.get(part, standard[part]) != standard[part] for part in [*WEIGHTS, "enough_hours"]):
        yield gettext("Other wishes than usual")
