"""Matches two tables of a spreadsheet: python -m matching.engine people.csv nominations.csv

Exit status 0 with a summary on stderr; 2 with a sentence that names file, line and column for bad input.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO, get_args

from .plan import NotProven, Plan
from .policy import Policy, PolicyError
from .problem import Problem
from .reading import BadInput, RankBy, read_choices, read_people
from .saying import Saying
from .solve import solve
from .verifier import verify


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        problem = read_problem(options)
        plan = solve(problem)
        _write(options, problem, plan)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print(summary(plan, _is_proven(problem, plan)), file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m matching.engine",
        description="Pairs people as well as can be under the rules, and proves it.",
    )
    parser.add_argument("people", type=Path, help="people.csv: id, and department, level, manager_id, ... as present")
    parser.add_argument("nominations", type=Path, help="nominations.csv: from_id, to_id, rank_or_weight, kind")
    parser.add_argument("--policy", type=Path, help="rules and weights, in TOML")
    parser.add_argument("--kind", help="use only nominations of this kind (refusals always count)")
    parser.add_argument(
        "--rank-by",
        choices=get_args(RankBy),
        default="auto",
        help="value: 1 is the first choice; weight: more is better; mutual: ties alike, mutual ones first; "
        "auto (default): value if nobody gives a number twice, else weight",
    )
    parser.add_argument("--top", type=_count, metavar="N", help="keep each person's first N (0: all)")
    parser.add_argument("--out", type=Path, help="where to write the pairings (default: stdout)")
    parser.add_argument("--certificate", type=Path, help="where to write problem, plan and proof, as JSON")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def read_problem(options: argparse.Namespace) -> Problem:
    policy, columns = _policy(options.policy)
    people = read_people(options.people, columns)
    choices = read_choices(options.nominations, people, options.kind, options.rank_by, options.top, columns)
    return Problem(people=people, nominations=choices.nominations, refusals=choices.refusals, policy=policy)


def _policy(path: Path | None) -> tuple[Policy, Mapping[str, str]]:
    """The policy, and which column stands for what: table [columns] of the same file."""
    if path is None:
        return Policy(), {}
    text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
        columns = data.pop("columns", {})
        return Policy.from_dict(data), {str(field): str(name) for field, name in columns.items()}
    except tomllib.TOMLDecodeError as error:
        raise BadInput(path, *_place_of_toml_error(str(error), text), str(error)) from None
    except PolicyError as error:
        raise BadInput(path, *_place_of_key(str(error), text), str(error)) from None


def _place_of_toml_error(message: str, text: str) -> tuple[int, str]:
    _, found, place = message.partition("(at line ")
    if not found:
        return text.count("\n") + 1, "1"
    line, _, column = place.rstrip(")").partition(", column ")
    return int(line), column


def _place_of_key(message: str, text: str) -> tuple[int, str]:
    key = message.split()[0].rpartition(".")[2]
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().lstrip("[").startswith(key):
            return number, str(line.index(key) + 1)
    return 1, "1"


def _write(options: argparse.Namespace, problem: Problem, plan: Plan) -> None:
    if options.out is None:
        write_pairings(plan, sys.stdout)
    else:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            write_pairings(plan, file)
    if options.certificate is not None:
        snapshot: dict[str, Any] = {"problem": problem.to_dict(), "plan": plan.to_dict()}
        options.certificate.write_text(json.dumps(snapshot, indent=1, sort_keys=True), encoding="utf-8")


def write_pairings(plan: Plan, file: TextIO) -> None:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["pairing", "member_ids", "tier", "weight", "reasons"])
    for number, pairing in enumerate(plan.pairings, start=1):
        reasons = " ".join(Saying().to_leads(reason.code, reason.about) for reason in pairing.reasons)
        rows.writerow([number, ";".join(pairing.members), pairing.tier, pairing.weight, reasons])


def _is_proven(problem: Problem, plan: Plan) -> bool:
    try:
        verify(problem, plan)
    except NotProven:
        return False
    return True


def summary(plan: Plan, proven: bool) -> str:
    counts = plan.summary
    lines = [
        f"placed: {counts['placed']} of {counts['people']} people in {counts['pairings']} pairings"
        f" (trios: {counts['trios']})",
        *(f"{tier}: {counts[tier.replace('-', '_')]} people" for tier in ("mutual", "one-way", "also", "none")),
        *(["stand-in: takes part"] if counts["stand_in_used"] else []),
        f"unplaced: {counts['unplaced']}",
        *(f"  {who.person_id}: {', '.join(who.rules)}. {Saying().relaxation(who.relaxation)}" for who in plan.unplaced),
        *(f"note: {note}" for note in counts["notes"]),
        f"optimal: {'yes' if proven else 'no'}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
