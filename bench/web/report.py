"""What was measured, as tables, and what it has to be."""

from __future__ import annotations

from pathlib import Path

from bench.web.lighthouse import CATEGORIES, Seen

Results = dict[str, Seen]

HEADS = [
    *("performance", "accessibility", "best practices", "SEO", "CLS"),
    *("first paint", "LCP", "blocked", "bytes", "requests"),
]
PERFORMANCE, MOST_BYTES = 95, 150_000
BEGIN, END = "<!-- measured: bench/web.sh --write-docs -->", "<!-- end -->"

# Public figures, as their sources give them; nobody else's page was measured here.
ELSEWHERE = [
    ("healthchecks.io, front page", "328 kB", "", "[1mb-club #779](https://github.com/bradleytaunt/1mb-club/pull/779)"),
    ("healthchecks.io, front page", "", "511 kB",
     "[512kb.club #2104](https://github.com/kevquirk/512kb.club/pull/2104), by its author, December 2025"),
    ("cal.com, booking page", "over 400 kB of JavaScript alone", "",
     "[cal.com #7052](https://github.com/calcom/cal.diy/issues/7052), February 2023"),
]  # fmt: skip


def misses(results: Results) -> list[str]:
    return [f"{name}: {what}" for name, seen in results.items() for what in _misses(seen)]


def _misses(seen: Seen) -> list[str]:
    found = [] if seen.performance >= PERFORMANCE else [f"performance {seen.performance}, not {PERFORMANCE}"]
    found += [
        f"{category} {score}, not 100"
        for category, score in zip(CATEGORIES[1:3], seen.scores[1:3], strict=True)
        if score < 100
    ]
    found += [f"{kilobytes(seen.sent)} on a first visit"] if seen.sent > MOST_BYTES else []
    found += [f"the layout shifts by {seen.shift:.4f}"] if seen.shift else []
    return found


def table(results: Results) -> list[str]:
    return [
        f"| page | {' | '.join(HEADS)} |",
        "|---|" + "---:|" * len(HEADS),
        *(f"| {name} | {' | '.join(_cells(seen))} |" for name, seen in results.items()),
    ]


def _cells(seen: Seen) -> list[str]:
    times = [f"{milliseconds / 1000:.1f} s" for milliseconds in (seen.first, seen.largest)]
    return [*map(str, seen.scores), f"{seen.shift:.3g}", *times, f"{seen.blocked:.0f} ms",
            kilobytes(seen.sent), str(seen.requests)]  # fmt: skip


def beside_others(results: Results) -> list[str]:
    heaviest = max(results.items(), key=lambda item: item[1].sent)
    rows = [("Buddying, landing page", results["landing"])] if "landing" in results else []
    rows += [(f"Buddying, its heaviest ({heaviest[0]})", heaviest[1])]
    ours = [f"| {name} | {kilobytes(seen.sent)} | {kilobytes(seen.unpacked)} | {seen.requests} | measured here |"
            for name, seen in rows]  # fmt: skip
    theirs = [
        f"| {name} | {sent or '–'} | {unpacked or '–'} | – | {source} |" for name, sent, unpacked, source in ELSEWHERE
    ]
    return ["| page | as sent | unpacked | requests | source |", "|---|---:|---:|---:|---|", *ours, *theirs]


def kilobytes(number: int) -> str:
    return f"{number / 1000:.0f} kB"


def write(path: Path, lines: list[str]) -> None:
    """Between the two marks of the page."""
    before, _, rest = path.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text("\n".join([before + BEGIN, *lines, END]) + after)
