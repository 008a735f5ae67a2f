"""What is measured: figures with their budgets, the table for a person and the file for a program."""

import json
import math
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """One measured value; ``budget`` is a limit above (or, with ``at_least``, below) or None for information."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the budget is met; None without one."""
        if self.budget is None:
            return None
        return self.value >= self.budget if self.at_least else self.value <= self.budget


@dataclass
class Results:
    """The figures of one run of the benchmark."""

    items: int
    machine: dict[str, str]
    figures: list[Figure] = field(default_factory=list)
    not_measured: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: float, unit: str, budget: float | None = None, *, at_least: bool = False) -> float:
        """Keep a figure, say it at once, and return its value."""
        figure = Figure(name, float(f"{value:.4g}"), unit, budget, at_least)
        self.figures.append(figure)
        print(_line(figure), flush=True)
        return value

    def value(self, name: str) -> float:
        """A figure measured before."""
        return next(figure.value for figure in self.figures if figure.name == name)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Measures that stand or fall together: a failure is part of the results, not their end."""
        print(f"\n{title}", flush=True)
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever went wrong belongs into the table
            self.not_measured[title] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            print(f"  NOT MEASURED: {self.not_measured[title]}", flush=True)

    def missed(self) -> list[Figure]:
        """Figures over their budgets."""
        return [figure for figure in self.figures if figure.met is False]

    def print_table(self) -> None:
        """All figures again, together."""
        print("\n" + "=" * 110)
        for key, text in self.machine.items():
            print(f"{key:<28}{text}")
        print("-" * 110)
        for figure in self.figures:
            print(_line(figure))
        for title, reason in self.not_measured.items():
            print(f"  {title:<62} NOT MEASURED: {reason}")
        print("=" * 110)

    def write(self) -> None:
        """Write ``results.json``."""
        content = {
            "taken_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "items": self.items,
            "machine": self.machine,
            "figures": [{**asdict(figure), "met": figure.met} for figure in self.figures],
            "not_measured": self.not_measured,
        }
        RESULTS.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _line(figure: Figure) -> str:
    if figure.budget is None:
        verdict, limit = "", ""
    else:
        verdict = "met" if figure.met else "MISSED"
        limit = f"{'≥' if figure.at_least else '≤'} {figure.budget:,g}"
    return f"  {figure.name:<62}{figure.value:>12,.4g} {figure.unit:<12}{limit:>12}  {verdict}"


def describe_machine(cursor) -> dict[str, str]:
    """What the figures depend on: processor, memory, versions, settings of the server."""
    cursor.execute(
        """
        SELECT name, setting || COALESCE(unit, '') FROM pg_settings
         WHERE name IN ('shared_buffers', 'work_mem', 'effective_cache_size', 'random_page_cost', 'jit',
                        'max_parallel_workers_per_gather', 'fsync', 'synchronous_commit')
         ORDER BY name
        """
    )
    settings = ", ".join(f"{name} {value}" for name, value in cursor.fetchall())
    cursor.execute("SHOW server_version")
    load = os.getloadavg()[0]
    return {
        "Cores": f"{os.cpu_count()} ({_processor()})",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "Load when it began": f"{load:.1f}" + (" (busy: absolute times are pessimistic)" if load > 0.7 else ""),
        "Python": platform.python_version(),
        "PostgreSQL": cursor.fetchone()[0],
        "Server settings": settings,
        "Settings of the add-on": "SET LOCAL in the run's own transaction only (collection.run._tune_for_large_sets)",
    }


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_seconds(action: Callable[[], object], times: int = 5) -> float:
    """Median of several runs, after one that warms."""
    action()
    return median(seconds(action) for _time in range(times))


def percentile_95(values: Iterable[float]) -> float:
    """The value that 95 % do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]
