"""SQL over metrics made at random gives what the rows of the seeds do, or is refused by name.

`make test` asks some; `make test-selects SELECTS=5000 FIRST=0` asks as many as one likes, on both
warehouses. Each is made anew by its number: `SELECTS=1 FIRST=1234`.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import psycopg
import pytest

from corpus.answers import plain
from serve.postgres.generated.generated_selects import make_statement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

SELECTS = int(os.environ.get("SELECTS", "100"))
FIRST = int(os.environ.get("FIRST", "0"))
# What is written is the same on both but for types; the long form asks both.
WAREHOUSES = ["interface", "interface_on_postgres"] if "SELECTS" in os.environ else ["interface"]
# Refused by us, or as a name that is ambiguous to PostgreSQL itself.
_STATES = {"0A000", "42000", "42702", "42803"}


@pytest.mark.parametrize("warehouse", WAREHOUSES)
def test_selects_give_what_the_rows_do_or_are_refused(
    warehouse: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    interface: Opened = request.getfixturevalue(warehouse)
    counts: Counter[str] = Counter()
    wrong = []
    with interface.connect() as connection:
        for number in range(FIRST, FIRST + SELECTS):
            statement = make_statement(number)
            try:
                found = _comparable(connection.execute(statement.sql.encode()).fetchall())
            except psycopg.Error as error:
                counts["refused"] += 1
                if error.sqlstate not in _STATES:
                    wrong.append(f"{number}: {statement.sql}: {error.sqlstate}: {error}")
                continue
            counts["answered"] += 1
            if found not in map(_comparable, statement.answers):
                wrong.append(f"{number}: {statement.sql}")
            if "SELECTS" in os.environ and number % 500 == 499:
                with capsys.disabled():
                    print(f"\n{warehouse}: to {number}: {dict(counts)}, wrong: {wrong}")  # noqa: T201
    assert wrong == []
    # Most are answered, or nothing would be compared.
    assert counts["answered"] > counts["refused"] or SELECTS < 50


def _comparable(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """Give rows in one order, numbers to eight digits."""
    return sorted(repr([_rounded(plain(value)) for value in row]) for row in rows)


def _rounded(value: object) -> object:
    return float(f"{value:.8g}") if isinstance(value, float) else value
