"""On PostgreSQL, where a statement could reach files and other tables, none does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from hostile.conftest import CANARY, Canaries, hostile_orders, literals
from hostile.corpus.literals import IMPOSSIBLE
from hostile.interface_requests import Interface, Server, engine_interface
from hostile.leak_checks import Asked, ask_all
from hostile.test_filters import asked as hostile_filters
from hostile.test_literals import Question, asked, forms
from hostile.test_names import asked as hostile_names
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from serve.server_process import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from environment import RunMetrics

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("postgres")]

_STATE = """select (select md5(string_agg(o::text, ',' order by order_id)) from dev.orders o),
  (select md5(string_agg(c::text, ',')) from dev.canaries c),
  (select count(*) from pg_class), (select count(*) from pg_largeobject_metadata)"""


class PostgresCanaries(Canaries):
    """The shop in a database."""

    database: dict[str, Any]

    def state(self) -> str:
        with psycopg.connect(**self.database) as connection:
            return str(connection.execute(_STATE).fetchone())


@pytest.fixture
def postgres_shop(
    tiny_project: Path,
    postgres_server: dict[str, Any],
    postgres_environment: dict[str, str],
    run_metrics: RunMetrics,
    canary_file: Path,
) -> PostgresCanaries:
    built = run_metrics("build", "--target", "dev", cwd=tiny_project)
    assert built.returncode == 0, built.stderr
    database = {**postgres_server, "dbname": postgres_environment["METRICS_STORE_DEV_DATABASE"]}
    with psycopg.connect(**database) as connection:
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into dev.orders values (%s, %s, %s, %s, %s)", hostile_orders(canary_file)
            )
        connection.execute("create table dev.canaries (canary text)")
        connection.execute("insert into dev.canaries values (%s)", [CANARY])
        sums = "select status, sum(amount) from dev.orders group by status"
        rows: dict[str, Decimal] = dict(connection.execute(sums).fetchall())
        # The user may read files, so that only what is asked keeps them away.
        file = connection.execute("select pg_read_file(%s)", [str(canary_file)]).fetchone()
        assert file is not None
    shop = PostgresCanaries(tiny_project, canary_file, rows)
    object.__setattr__(shop, "database", database)
    return shop


@pytest.fixture
def postgres_interfaces(
    postgres_shop: PostgresCanaries,
    postgres_environment: dict[str, str],
    metrics_command: Path,
    tmp_path: Path,
) -> Iterator[list[Interface]]:
    project = postgres_shop.project
    engine = Engine(load_target(project, "dev"))
    with serving(
        metrics_command, project, "--target", "dev", directory=tmp_path,
        environment=postgres_environment,
    ) as process:  # fmt: skip
        get, post, *_ = Server(process.url).interfaces()
        yield [engine_interface(engine), get, post]
    engine.close()


def test_everything(postgres_shop: PostgresCanaries, postgres_interfaces: list[Interface]) -> None:
    engine, get, post = postgres_interfaces
    wanted = [
        *asked(postgres_shop, literals(postgres_shop.file), every_form=False),
        *(Asked(text, Question(where=(form,))) for text in IMPOSSIBLE for form, _ in forms(text)),
        *hostile_names(postgres_shop, everywhere=False),
        *hostile_filters(postgres_shop, group_by=("order__status",)),
    ]
    assert ask_all(engine, postgres_shop, wanted) > 800
    # Both ways in share everything but how a question is read.
    assert ask_all(get, postgres_shop, wanted[::3]) > 200
    assert ask_all(post, postgres_shop, wanted[1::3]) > 200
