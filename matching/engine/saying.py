"""What the codes of a plan say, in words: in English, or in another language with the functions of its catalogue.

The engine knows no reader. Its command line speaks English; the product says the same to each reader in theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .plan import Step

About = Mapping[str, Any]


def _plural(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


def _plain(number: float) -> str:
    return f"{number:g}"


class Saying:
    """``gettext`` and ``ngettext`` are those of a language; ``decimal`` writes a number as it does."""

    def __init__(
        self,
        gettext: Callable[[str], str] = str,
        ngettext: Callable[[str, str, int], str] = _plural,
        decimal: Callable[[float], str] = _plain,
    ) -> None:
        self._, self.ngettext, self.decimal = gettext, ngettext, decimal

    # -- why these people --------------------------------------------------------------------------

    def to_leads(self, code: str, about: About) -> str:
        match code:
            case "stands-in":
                return self._("%(who)s joins, so that one more person has a buddy.") % about
            case "named":
                return self._named(about["first"], about["second"], about["rank"])
            case "named-each-other":
                return self._each_other(about["first"], about["second"], about["rank"], about["back"])
            case "common-time":
                return self._hours_in_common(about["halves"])
            case "same-place":
                return self._("Same place: %(place)s.") % about
            case "wants-and-offers":
                words = self._("%(who)s can help with %(topics)s, which %(whom)s would like to get better at.")
                return words % {**about, "topics": self._quoted(about["topics"])}
        return self._in_short(code)

    def _in_short(self, code: str) -> str:
        match code:
            case "pinned":
                return self._("Put together by a lead.")
            case "different-departments":
                return self._("Different departments.")
            case "different-levels":
                return self._("Different levels.")
            case "same-level":
                return self._("The same level.")
            case "different-goals":
                return self._("They work on different things.")
            case "similar-commitment":
                return self._("Similar time to give.")
        return self._("Chosen with the whole cohort in view; nothing that they told us speaks for it or against it.")

    def to_members(self, code: str, told: About) -> str:
        match code:
            case "common-time":
                return self._your_hours(told["halves"])
            case "same-place":
                return self._("You are in the same place: %(place)s.") % told
            case "wants-and-offers":
                return self._helped(told["people"], told["directions"], self._quoted(told["topics"]))
            case "pinned":
                return self._("Your programme lead put you together.")
            case "different-departments":
                return self._("You work in different departments.")
            case "different-levels":
                return self._("You look at things from different levels.")
            case "same-level":
                return self._("You work at the same level.")
            case "different-goals":
                return self._("You work on different things.")
            case "similar-commitment":
                return self._("You each have a similar amount of time to give.")
        return self._("This pairing was chosen with the whole cohort in view.")

    def _named(self, first: str, second: str, rank: int) -> str:
        words = {
            -1: self._("%(first)s is also happy with %(second)s."),
            1: self._("%(first)s named %(second)s first."),
            2: self._("%(first)s named %(second)s second."),
            3: self._("%(first)s named %(second)s third."),
        }
        in_place = self._("%(first)s named %(second)s in place %(rank)d.")
        return words.get(max(rank, -1), in_place) % {"first": first, "second": second, "rank": rank}

    def _each_other(self, first: str, second: str, rank: int, back: int) -> str:
        names = {"first": first, "second": second}
        if rank == back == 1:
            return self._("%(first)s and %(second)s named each other first.") % names
        said = self._("%(first)s and %(second)s named each other.") % names
        return f"{said} {self._named(first, second, rank)} {self._named(second, first, back)}"

    def _hours_in_common(self, halves: int) -> str:
        if halves == 1:
            return self._("Half a free hour a week in common.")
        words = self.ngettext(
            "%(hours)s free hour a week in common.", "%(hours)s free hours a week in common.", _counts_as(halves)
        )
        return words % {"hours": hours_of(halves)}

    def _your_hours(self, halves: int) -> str:
        if halves == 1:
            return self._("You have half a free hour a week in common.")
        words = self.ngettext(
            "You have %(hours)s free hour a week in common.",
            "You have %(hours)s free hours a week in common.",
            _counts_as(halves),
        )
        return words % {"hours": hours_of(halves)}

    def _helped(self, people: int, directions: int, topics: str) -> str:
        if people > 2:
            words = self._(
                "Among you somebody can help with %(topics)s, which somebody else would like to get better at."
            )
        elif directions == 2:
            words = self._(
                "Each of you can help with something that the other would like to get better at: %(topics)s."
            )
        else:
            words = self._("One of you can help with %(topics)s, which the other would like to get better at.")
        return words % {"topics": topics}

    def _quoted(self, topics: Sequence[str]) -> str:
        *first, last = (self._("“%(topic)s”") % {"topic": topic} for topic in topics)
        if not first:
            return last
        return self._("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last}

    # -- what would free somebody ------------------------------------------------------------------

    def relaxation(self, steps: Iterable[Step]) -> str:
        """A sentence for each step and, of several, that all of them are needed."""
        said = [self._step(step.code, step.about) for step in steps]
        if len(said) > 1:
            said.append(self._("It takes both.") if len(said) == 2 else self._("It takes all of these."))
        return " ".join(said)

    def _step(self, code: str, about: About) -> str:
        match code:
            case "invite":
                return self._("Invite at least one more person.")
            case "invite-fitting":
                return self._("Invite one more person who may be paired with them.")
            case "trio":
                return self._("Let one pairing be a trio.")
            case "none-helps":
                return self._("None of the rules that could be loosened would help. Invite one more person.")
        return self._loosened(code, about)

    def _loosened(self, code: str, about: About) -> str:
        match code:
            case "level-gap":
                return self._("Allow a level gap of %(gap)d (now %(now)d).") % about
            case "common-time":
                words = self.ngettext(
                    "Ask for %(hours)s hour a week in common (now %(now)d).",
                    "Ask for %(hours)s hours a week in common (now %(now)d).",
                    _counts_as(about["halves"]),
                )
                return words % {"hours": hours_of(about["halves"]), "now": about["now"]}
            case "commitment":
                factors = {"factor": self.decimal(about["percent"] / 100), "now": self.decimal(about["now"])}
                return self._("Allow commitments up to %(factor)s times apart (now %(now)s).") % factors
            case "score":
                shares = {"fit": about["score"] // 10, "now": about["now"] // 10}
                return self._("Allow a fit of %(fit)d %% (now %(now)d %%).") % shares
            case "department" if about["now"] == "different":
                return self._("Allow the same department.")
            case "department":
                return self._("Allow different departments.")
            case "place":
                return self._("Allow different places.")
            case "repeat":
                return self._("Allow a pairing from an earlier cohort again.")
        return self._("Lift what you have forbidden for %(who)s and %(whom)s.") % about


def hours_of(halves: int) -> str:
    """“4”, “4½”, “½”."""
    whole, half = divmod(halves, 2)
    return f"{whole or ''}½" if half else str(whole)


def _counts_as(halves: int) -> int:
    """For the plural: one and a half are more than one."""
    return -(-halves // 2)
