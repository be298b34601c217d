from __future__ import annotations

from django import forms

from matching import engine


class PolicyForm(forms.Form):
    """What the lead decides before a run; the engine's policy knows more, this is what everyday cohorts need."""

    odd = forms.ChoiceField(
        label="If the number of people is odd",
        choices=[
            ("trio", "One pairing is a trio, the one that fits best"),
            ("wait", "One person waits for the next chance"),
        ],
        initial="trio",
        widget=forms.RadioSelect,
    )
    whole_line = forms.BooleanField(
        label="Nobody with anybody above them",
        required=False,
        help_text="Nobody is ever paired with their own manager. This also keeps apart people and their manager’s "
        "manager, and so on up.",
    )
    min_common_hours = forms.IntegerField(
        label="Free hours a week in common, at least",
        required=False,
        min_value=1,
        max_value=40,
        help_text="Leave this empty to let free time be a wish and not a rule. It never rules out people who have "
        "not said when they are free.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def policy(self) -> engine.Policy:
        given = self.cleaned_data
        rules = engine.HardRules(whole_line=given["whole_line"], min_common_hours=given["min_common_hours"])
        return engine.Policy(odd=given["odd"], rules=rules)


def in_words(policy: dict[str, object]) -> list[str]:
    """The settings of a run, as its lead would say them."""
    rules = policy.get("rules")
    rules = rules if isinstance(rules, dict) else {}
    words = ["Odd number: one person waits" if policy.get("odd") == "wait" else "Odd number: a trio"]
    if rules.get("whole_line"):
        words.append("Nobody with anybody above them")
    if hours := rules.get("min_common_hours"):
        words.append(f"At least {hours} free hour{'s' if hours > 1 else ''} a week in common")
    return words
