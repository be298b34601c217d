"""Rounds of pairs for a cohort, in which nobody meets the same person twice, as a table. Nothing is kept or told."""

from __future__ import annotations

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from buddying.models import Cohort
from matching import engine, figures
from matching.engine.rounds import plan_rounds
from matching.snapshot import problem_of

MOST = 52


class Command(BaseCommand):
    help = "Draws up rounds of pairs without repeats and writes them as CSV. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", type=int, help="The cohort’s number, as in its address.")
        parser.add_argument("--rounds", type=int, default=3, help=f"How many, from 1 to {MOST}; 3 by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = Cohort.objects.filter(pk=options["cohort"]).select_related("programme").first()
        if cohort is None:
            raise CommandError(f"There is no cohort {options['cohort']}.")
        if not 1 <= options["rounds"] <= MOST:
            raise CommandError(f"Ask for 1 to {MOST} rounds.")
        problem = problem_of(cohort, engine.Policy())
        self._write(problem, plan_rounds(problem, options["rounds"]))

    def _write(self, problem: engine.Problem, plans: tuple[engine.Plan, ...]) -> None:
        names = {person.id: person.called for person in problem.people}
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow(["round", "pairing", "member_ids", "names", "reasons"])
        for number, plan in enumerate(plans, 1):
            for count, pairing in enumerate(plan.pairings, 1):
                who = [harmless(names[member]) for member in pairing.members]
                reasons = " ".join(figures.reasons_for_members(pairing))
                table.writerow([number, count, ";".join(pairing.members), "; ".join(who), reasons])
            self.stderr.write(self._summary(number, plan, names))

    def _summary(self, number: int, plan: engine.Plan, names: dict[str, str]) -> str:
        left = ", ".join(names[person.person_id] for person in plan.unplaced)
        return f"Round {number}: {plan.summary['placed']} people paired" + (
            f"; without a buddy: {left}." if left else "."
        )


def harmless(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
