"""Rounds of pairs for a cohort, in which nobody meets the same person twice, as a table."""

from __future__ import annotations

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from buddying.models import Cohort
from matching.rounds_ahead import Round, draw_up, table

MOST = 52


class Command(BaseCommand):
    help = "Draws up rounds of pairs without repeats and writes them as CSV. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cohort", type=int, help="the cohort’s number, as in its address")
        parser.add_argument("--rounds", type=int, default=3, help=f"how many, from 1 to {MOST}; 3 by default")

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = Cohort.objects.filter(pk=options["cohort"]).select_related("programme").first()
        if cohort is None:
            raise CommandError(f"There is no cohort with the number {options['cohort']}.")
        if not 1 <= options["rounds"] <= MOST:
            raise CommandError(f"Ask for 1 to {MOST} rounds.")
        rounds = draw_up(cohort, options["rounds"])
        csv.writer(self.stdout, lineterminator="\n").writerows(table(rounds))
        for each in rounds:
            self.stderr.write(_summary(each))


def _summary(each: Round) -> str:
    left = f"; without a buddy: {', '.join(each.left_over)}" if each.left_over else ""
    return f"Round {each.number}: {each.people} people paired{left}."
