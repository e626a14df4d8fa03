"""Servers on the tiny shop: one that is open to this machine, one that asks for tokens."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from jinja2 import Template

from metrics_store.access.authentication.known_tokens import hash_token
from serve.callers import SECRET, TOKEN
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Ten billion rows, which no engine counts quickly; the second has as many as take a moment.
_SLOW = """
{{ config(materialized='view') }}
select a.n as slow_id, date '2024-01-05' as happened_on, sin(a.n * b.n) as weight
from (select unnest(range(200000)) as n) as a, (select unnest(range(%d)) as n) as b
"""
_SLOW_MODELS = """
semantic_models:
{%- for name in ['slow', 'slower'] %}
  - name: {{ name }}
    model: ref('{{ name }}')
    defaults: {agg_time_dimension: happened_on}
    entities: [{name: {{ name }}_thing, type: primary, expr: slow_id}]
    dimensions: [{name: happened_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: {{ name }}_weight, agg: sum, expr: weight}]
{%- endfor %}
metrics:
{%- for name in ['slow', 'slower'] %}
  - name: {{ name }}
    label: {{ name }}
    type: simple
    type_params: {measure: {{ name }}_weight}
{%- endfor %}
"""


@pytest.fixture(scope="session")
def slow_shop(tmp_path_factory: pytest.TempPathFactory, metrics_command: Path, shop: Path) -> Path:
    """Give a shop that also has metrics which take long."""
    directory = tmp_path_factory.mktemp("slow") / "shop"
    shutil.copytree(shop, directory, ignore=shutil.ignore_patterns("warehouse", "target"))
    (directory / "warehouse").mkdir()
    models = directory / "models"
    (models / "slow.sql").write_text(_SLOW % 700, encoding="utf-8")
    (models / "slower.sql").write_text(_SLOW % 900_000, encoding="utf-8")
    (models / "slow.yml").write_text(Template(_SLOW_MODELS).render(), encoding="utf-8")
    subprocess.run([metrics_command, "build"], cwd=directory, check=True, capture_output=True)
    return directory


@pytest.fixture(scope="session")
def open_server(
    shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """Give a server without tokens."""
    directory = tmp_path_factory.mktemp("open")
    with serving(metrics_command, shop, directory=directory) as server:
        yield server


@dataclass(frozen=True)
class Guarded:
    """A server that asks for tokens.

    Attributes:
        server: It.
        audit_log: Its audit log.
    """

    server: Serving
    audit_log: Path


@pytest.fixture(scope="session")
def guarded(
    shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    """Give a server with a token of Ana's, JSON Web Tokens and an audit log."""
    directory = tmp_path_factory.mktemp("guarded")
    configuration = {
        "tokens": [
            {
                "name": "ana",
                "groups": ["sales"],
                "attributes": {"teams": ["EMEA"]},
                "sha256": hash_token(TOKEN),
            },
            {"name": "ben", "token": {"env": "BEN_TOKEN"}},
        ],
        "jwt": {"audience": "metrics", "hs256_secret": {"file": "secret.txt"}},
        "audit_log": "audit.jsonl",
    }
    (directory / "secret.txt").write_text(SECRET + "\n", encoding="utf-8")
    with serving(
        metrics_command,
        shop,
        configuration=configuration,
        directory=directory,
        environment={"BEN_TOKEN": "ms_the-token-of-ben-from-elsewhere"},
    ) as server:
        yield Guarded(server, directory / "audit.jsonl")
