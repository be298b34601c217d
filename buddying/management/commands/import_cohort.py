from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from buddying.importing.addresses import BadPattern, check_pattern
from buddying.importing.plan import NOTHING, Choices, Plan, Source
from buddying.importing.problems import Unreadable
from buddying.importing.reading import MAX_BYTES, text_of
from buddying.importing.saving import import_files, plan_import
from buddying.models import Cohort


class Command(BaseCommand):
    help = "Import people, and whom they would like as a buddy, into a cohort: all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("people", type=Path, help="people.csv")
        parser.add_argument("nominations", type=Path, nargs="?", help="nominations.csv")
        parser.add_argument("--cohort", type=int, required=True, metavar="ID", help="the cohort’s number")
        parser.add_argument(
            "--kind", action="append", default=[], help="a kind of row that is a nomination; repeatable"
        )
        parser.add_argument("--address-pattern", default="", metavar="P", help="such as {label}@example.org")
        parser.add_argument(
            "--agreed", action="store_true", help="these people have agreed to take part: they join at once"
        )
        parser.add_argument(
            "--first-three-only", action="store_true", help="leave out whoever is named after the first three"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = Cohort.objects.filter(pk=options["cohort"]).select_related("programme").first()
        if cohort is None:
            raise CommandError(f"There is no cohort with the number {options['cohort']}.")
        choices = Choices(
            kinds=tuple(options["kind"]),
            keep_rest=not options["first_three_only"],
            address_pattern=_pattern(options["address_pattern"]),
            agreed=options["agreed"],
        )
        people, nominations = _source(options["people"]), _source(options["nominations"])
        plan = plan_import(cohort, people, nominations, choices)
        self._describe(plan)
        if options["dry_run"]:
            self.stdout.write("This was only a look: nothing was changed.")
            return
        done = import_files(cohort, people, nominations, choices)
        self._stop_unless_ready(done.plan)
        self.stdout.write(f"Imported into {cohort}: {done.added} new, {done.invited} invited.")

    def _describe(self, plan: Plan) -> None:
        self._stop_unless_ready(plan)
        totals = plan.totals
        self.stdout.write(
            f"{len(plan.people):,} people in the file: {totals.new:,} new, {totals.known:,} here already."
        )
        if plan.kinds:
            self.stdout.write(
                f"People who name others: {totals.naming:,}; first to third wishes: {totals.ranked:,}; "
                f"also happy with: {totals.also:,}; refusals: {totals.refused:,}."
            )
        for file, columns in plan.unused.items():
            self.stdout.write(f"Not used in {file}: {', '.join(columns)}.")
        for warning in plan.warnings:
            self.stdout.write(f"Note: {warning}")

    def _stop_unless_ready(self, plan: Plan) -> None:
        for problem in plan.first_problems:
            self.stderr.write(str(problem))
        if plan.more_problems:
            self.stderr.write(f"… and {plan.more_problems:,} more.")
        if plan.problems:
            raise CommandError("Nothing was imported.")
        if plan.undecided:
            kinds = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(plan.kinds.items()))
            raise CommandError(f"Nothing was imported. Say with --kind which rows are nominations: {kinds}.")


def _pattern(pattern: str) -> str:
    try:
        if pattern:
            check_pattern(pattern)
    except BadPattern as error:
        raise CommandError(str(error)) from error
    return pattern


def _source(path: Path | None) -> Source:
    if path is None:
        return NOTHING
    try:
        with path.open("rb") as file:
            return Source(path.name, text_of(path.name, file.read(MAX_BYTES + 1)))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except Unreadable as error:
        raise CommandError(f"{error} Nothing was imported.") from error
