"""The engine against other matchers, on the same made cohorts in the same run.

    python -m bench.matching                      all sizes of the table in docs/matching.md
    python -m bench.matching 500 2000 --rivals lemon rustworkx
    python -m bench.matching --write-docs         keep table and plot in docs/

Each line is measured in a process of its own. The engine's time is that of everything, from the people to the plan
with its reasons and its proof, once its compiled parts are warm, and beside it that of the processor, which counts both
cores and nobody else's work; `verify` is given as well. A rival is given the
finished graph of all allowed pairs with their weights, and only its search is timed. Rivals get the weights of the
policy "balanced", which fit into 64 bits; they must reach the same weight, or the run fails.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.cohorts import RULES, made_cohort
from bench.plot import written_plot
from matching.engine import Policy, Problem, solve, verify
from matching.engine.problem import cleaned
from matching.engine.rules import Rules
from matching.engine.table import Table
from matching.engine.weights import Weights

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"
SIZES = (100, 300, 500, 1000, 2000, 2001, 5000, 10_000, 10_001, 20_000, 50_000, 100_000)
LARGEST = {"networkx": 300, "highs": 1000, "rustworkx": 2000, "lemon": 2000}
ENGINE = "engine"
MAXIMUM_SECONDS = 900
LIMITS = {100: 0.05, 10_000: 2.0, 50_000: 60.0, 100_000: 240.0}  # seconds that the engine may take, on two cores


@dataclass(frozen=True)
class Line:
    people: int
    matcher: str
    seconds: float
    megabytes: int
    weight: int
    verified: float | None = None
    processor: float | None = None  # seconds of all cores together: other programmes do not count


# -- instances -------------------------------------------------------------------------------------


def balanced(people: int) -> Problem:
    return made_cohort(people, policy=Policy(order="balanced", odd="wait", rules=RULES))


def write_graph(people: int, path: Path) -> None:
    """All allowed pairs: people, pairs, then both people and the weight of each."""
    table = Table(cleaned(balanced(people))[0])
    weights = Weights(table, Rules(table))
    with path.open("wb") as file:
        np.array([people, 0], dtype=np.int64).tofile(file)
        pairs = sum(_write_block(weights, rows, file) for rows in table.blocks())
        file.seek(0)
        np.array([people, pairs], dtype=np.int64).tofile(file)


def _write_block(weights: Weights, rows: slice, file: Any) -> int:
    pairable, soft = weights.block(rows)
    place = np.array(weights.place, dtype=np.int64)
    weight = 2 * (place[rows, None] + place[None, :] + soft)
    for (a, b), bonus in weights.bonus.items():
        if rows.start <= a < rows.stop:
            weight[a - rows.start, b] += 2 * bonus
    a, b = np.nonzero(pairable)
    first = a + rows.start < b
    a, b = a[first], b[first]
    np.stack([a + rows.start, b, weight[a, b]], axis=1).tofile(file)
    return len(a)


def read_graph(path: Path) -> tuple[int, np.ndarray[Any, np.dtype[np.int64]]]:
    numbers = np.fromfile(path, dtype=np.int64)
    return int(numbers[0]), numbers[2:].reshape(-1, 3)


# -- matchers: (seconds, weight) -------------------------------------------------------------------


def by_networkx(path: Path) -> tuple[float, int]:
    import networkx

    _, rows = read_graph(path)
    graph = networkx.Graph()
    graph.add_weighted_edges_from(rows.tolist())
    start = time.perf_counter()
    found = networkx.max_weight_matching(graph)
    return time.perf_counter() - start, sum(graph.edges[pair]["weight"] for pair in found)


def by_rustworkx(path: Path) -> tuple[float, int]:
    import rustworkx

    people, rows = read_graph(path)
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(people))
    graph.add_edges_from(list(map(tuple, rows.tolist())))
    start = time.perf_counter()
    found = rustworkx.max_weight_matching(graph, weight_fn=int)
    return time.perf_counter() - start, sum(graph.get_edge_data(*pair) for pair in found)


def by_highs(path: Path) -> tuple[float, int]:
    """The linear programme, with a cut for each odd circle that its answer goes round, until none is left."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array, vstack

    people, rows = read_graph(path)
    a, b, weight = rows.T
    column = np.arange(len(a))
    limits = coo_array((np.ones(2 * len(a)), (np.concatenate([a, b]), np.concatenate([column, column])))).tocsr()
    most = np.ones(limits.shape[0])
    start = time.perf_counter()
    while True:
        answer = linprog(-weight, A_ub=limits, b_ub=most, bounds=(0, 1), method="highs")
        circles = list(_odd_circles(people, a, b, answer.x))
        if not circles:
            taken = answer.x > 0.5
            return time.perf_counter() - start, int(weight[taken].sum())
        inside = np.zeros((len(circles), people), dtype=np.bool_)
        for number, circle in enumerate(circles):
            inside[number, circle] = True
        limits = vstack([limits, coo_array((inside[:, a] & inside[:, b]).astype(float))]).tocsr()
        most = np.append(most, [len(circle) // 2 for circle in circles])


def _odd_circles(people: int, a: Any, b: Any, x: Any) -> Iterator[list[int]]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    halves = (x > 1e-6) & (x < 1 - 1e-6)
    graph = coo_array((np.ones(halves.sum()), (a[halves], b[halves])), shape=(people, people))
    _, labels = connected_components(graph, directed=False)
    members: dict[int, list[int]] = {}
    for person in np.unique(np.concatenate([a[halves], b[halves]])).tolist():
        members.setdefault(int(labels[person]), []).append(person)
    yield from (circle for circle in members.values() if len(circle) % 2)


def by_lemon(path: Path) -> tuple[float, int]:
    seconds, weight = subprocess.run([_lemon(), path], check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(weight)


def _lemon() -> Path:
    """Build our driver once, if a compiler and the headers of liblemon-dev are there."""
    source, built = HERE / "lemon_driver.cpp", Path(tempfile.gettempdir()) / f"buddying-lemon-{os.getuid()}"
    if built.exists() and built.stat().st_mtime > source.stat().st_mtime:
        return built
    compiler = shutil.which("g++")
    if compiler is None:
        raise RuntimeError("no compiler")
    include = ["-I", os.environ["LEMON_INCLUDE"]] if "LEMON_INCLUDE" in os.environ else []
    command = [compiler, "-O3", "-march=native", *include, source, "-o", built]
    subprocess.run(command, check=True, capture_output=True)
    return built


RIVALS: dict[str, Callable[[Path], tuple[float, int]]] = {
    "networkx": by_networkx,
    "highs": by_highs,
    "rustworkx": by_rustworkx,
    "lemon": by_lemon,
}


# -- measuring -------------------------------------------------------------------------------------


def measure_engine(people: int, order: str) -> Line:
    problem = balanced(people) if order == "balanced" else made_cohort(people)
    for warm_up in (min(people, 500), min(people, 501)):
        verify(small := made_cohort(warm_up), solve(small))
    start, busy = time.perf_counter(), time.process_time()
    plan = solve(problem)
    seconds, processor = time.perf_counter() - start, time.process_time() - busy
    megabytes = _megabytes()
    start = time.perf_counter()
    verify(problem, plan)
    weight = sum(pairing.weight for pairing in plan.pairings)
    return Line(people, f"{ENGINE}, {order}", seconds, megabytes, weight, time.perf_counter() - start, processor)


def measure_rival(name: str, people: int, path: Path) -> Line:
    seconds, weight = RIVALS[name](path)
    return Line(people, name, seconds, _megabytes(), weight)


def _megabytes() -> int:
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(own, children) // 1024


def in_a_process(*arguments: str) -> Line | None:
    command = [sys.executable, "-m", "bench.matching", "--one", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=MAXIMUM_SECONDS, cwd=HERE.parent)
    except subprocess.TimeoutExpired:
        print(f"  {' '.join(arguments[:2])}: not within {MAXIMUM_SECONDS} s", file=sys.stderr)
        return None
    if done.returncode:
        print(f"  {' '.join(arguments[:2])}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return Line(**json.loads(done.stdout))


def all_lines(sizes: list[int], rivals: list[str]) -> Iterator[Line]:
    for people in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "graph"
            chosen = [name for name in rivals if people <= LARGEST[name]]
            if chosen:
                # In a process of its own: what this one has in memory would be counted for all that it starts.
                subprocess.run([sys.executable, "-m", "bench.matching", "--graph", str(people), path], check=True)
            found = [in_a_process("engine", str(people), order) for order in ("strict", "balanced")]
            found += [in_a_process(name, str(people), str(path)) for name in chosen]
        lines = [line for line in found if line is not None]
        same = {line.weight for line in lines if line.matcher != f"{ENGINE}, strict"}
        if people % 2 == 0 and len(same) > 1:
            raise SystemExit(f"{people} people: the weights differ: {sorted(same)}")
        yield from lines


# -- the table ---------------------------------------------------------------------------------------


HEAD = ("people", "matcher", "seconds", "processor", "of its limit", "times the engine", "MB", "verifying, seconds")


def table(lines: list[Line]) -> str:
    ours = {line.people: line.seconds for line in lines if line.matcher == f"{ENGINE}, balanced"}
    rows = [f"| {' | '.join(HEAD)} |", "|---:|---|" + "---:|" * (len(HEAD) - 2)]
    for line in lines:
        limit = LIMITS.get(line.people) if line.matcher.startswith(ENGINE) else None
        cells = (
            f"{line.people:,}",
            line.matcher,
            f"{line.seconds:.3f}",
            "" if line.processor is None else f"{line.processor:.2f}",
            "" if limit is None else f"{line.seconds / limit:.0%}",
            f"{line.seconds / ours[line.people]:.1f}" if line.people in ours else "",
            f"{line.megabytes:,}",
            "" if line.verified is None else f"{line.verified:.2f}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def write_docs(lines: list[Line]) -> None:
    (DOCS / "images").mkdir(exist_ok=True)
    (DOCS / "images" / "matching-speed.svg").write_text(written_plot(lines), encoding="utf-8")
    page = DOCS / "matching.md"
    before, _, rest = page.read_text(encoding="utf-8").partition("<!-- table -->\n")
    _, _, after = rest.partition("<!-- end of table -->\n")
    page.write_text(f"{before}<!-- table -->\n{table(lines)}\n<!-- end of table -->\n{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="The engine against other matchers.")
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--rivals", nargs="*", choices=RIVALS, default=list(RIVALS))
    parser.add_argument("--write-docs", action="store_true", help="keep table and plot in docs/")
    parser.add_argument("--from", dest="kept", type=Path, nargs="*", default=[], help="lines that --keep wrote, too")
    parser.add_argument("--keep", type=Path, help="where to keep the lines as JSON")
    options = parser.parse_args()
    kept = [Line(**row) for path in options.kept for row in json.loads(path.read_text(encoding="utf-8"))]
    lines = sorted([*kept, *all_lines(options.sizes, options.rivals)], key=lambda line: line.people)
    print(table(lines))
    if options.keep:
        options.keep.write_text(json.dumps([asdict(line) for line in lines]), encoding="utf-8")
    if options.write_docs:
        write_docs(lines)


def one(name: str, people: str, what: str) -> None:
    line = measure_engine(int(people), what) if name == ENGINE else measure_rival(name, int(people), Path(what))
    print(json.dumps(asdict(line)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:5])
    elif sys.argv[1:2] == ["--graph"]:
        write_graph(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
