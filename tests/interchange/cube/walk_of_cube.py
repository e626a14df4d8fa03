"""The exported data model in a real Cube, asked the same as this engine over one PostgreSQL.

Run by `make test-cube`. The server is 0.31, whose packages start without native code. Of today's
Cube it is the compiler and the planner, which plan the same queries over the YAML model.
"""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from clients.environments import node_environment
from interchange.cube.compiled_cube import compiled_cube
from interchange.cube.cube_server import cube_server
from metrics_store.interchange.cube.model_files import (
    JAVASCRIPT,
    YAML,
    exported_model,
    model_files,
)
from metrics_store.interchange.cube.parity.parity_check import ParityCheck
from metrics_store.interchange.cube.parity.parity_questions import ParityQuestion
from metrics_store.interchange.layer.condition import Condition
from metrics_store.interchange.layer.layer_reader import read_layer
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.query.manifest_reader import read_semantic_manifest
from projects import BIKES_PROJECT, build_small_project

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    from environment import RunMetrics
    from projects import SmallProject

# How many questions are asked at least, so that none are lost unseen.
AT_LEAST = {"bikes": 850, "market": 400}
MORE_METRICS = Path(__file__).parent / "more_metrics.yml"


@pytest.fixture(scope="module")
def server_packages(request: pytest.FixtureRequest) -> Path:
    assert request.config.cache is not None
    return node_environment("cube-server", request.config.cache.mkdir("clients"))


@pytest.fixture(scope="module")
def compiler_packages(request: pytest.FixtureRequest) -> Path:
    assert request.config.cache is not None
    return node_environment("cube-compiler", request.config.cache.mkdir("clients"))


@pytest.fixture(scope="module")
def more_bikes(
    postgres_server: dict[str, Any], tmp_path_factory: pytest.TempPathFactory, metrics_command: Path
) -> SmallProject:
    """Give the bikes with more metrics."""
    source = tmp_path_factory.mktemp("source") / BIKES_PROJECT.name
    shutil.copytree(BIKES_PROJECT, source)
    shutil.copy(MORE_METRICS, source / "models")
    directory = tmp_path_factory.mktemp("more_bikes")
    return build_small_project(source, directory, postgres_server, metrics_command)


@pytest.fixture(params=["more_bikes", "market"])
def project(request: pytest.FixtureRequest) -> SmallProject:
    found: SmallProject = request.getfixturevalue(request.param)
    return found


def semantic_manifest(project: SmallProject) -> PydanticSemanticManifest:
    artifacts = project.directory / "target" / "targets" / "dev"
    return read_semantic_manifest(artifacts / SEMANTIC_MANIFEST)


def exported(project: SmallProject, directory: Path, run_metrics: RunMetrics) -> Path:
    model = directory / "model"
    done = run_metrics(
        "export", "cube", str(model), "--format", "javascript", "--target", "dev",
        cwd=project.directory, env=project.environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return model


def test_a_real_server_answers_the_same(
    project: SmallProject, server_packages: Path, tmp_path: Path, run_metrics: RunMetrics
) -> None:
    model = exported(project, tmp_path, run_metrics)
    with cube_server(server_packages, model, tmp_path, project) as server:
        done = run_metrics(
            "cube", "check", server.url, "--format", "javascript", "--target", "dev",
            cwd=project.directory,
            env={**project.environment, "METRICS_STORE_CUBE_TOKEN": server.token},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    counted = re.search(r"(\d+) questions of \d+ metrics are answered the same", done.stdout)
    assert counted is not None
    assert int(counted[1]) >= AT_LEAST[project.directory.name.partition("_")[0]]
    report = (model / "report.md").read_text()
    listed = re.findall(r"^not in Cube: (.*?): (.*)$", done.stdout, re.MULTILINE)
    assert listed == re.findall(r"^- \*\*(\w+)\*\*: (.*)\.$", report, re.MULTILINE)


def test_a_model_that_means_something_else_is_seen(
    more_bikes: SmallProject, server_packages: Path, tmp_path: Path, run_metrics: RunMetrics
) -> None:
    model = exported(more_bikes, tmp_path, run_metrics)
    file = model / "cubes" / "rides_rows.js"
    file.write_text(file.read_text().replace("= 'ebike'", "= 'city'"))
    with cube_server(server_packages, model, tmp_path, more_bikes) as server:
        done = run_metrics(
            "cube", "check", server.url, "--format", "javascript", "--target", "dev",
            "--metric", "ebike_rides", "--metric", "rides", "--token", server.token,
            cwd=more_bikes.directory, env=more_bikes.environment,
        )  # fmt: skip
        refused = run_metrics(
            "cube", "check", server.url, "--target", "dev", "--token", "nobody",
            cwd=more_bikes.directory, env=more_bikes.environment,
        )  # fmt: skip
    assert done.returncode == 1
    assert "differs: rides.ebike_rides: 7 here, 9 in Cube" in done.stdout
    assert "differs: rides.rides" not in done.stdout
    assert refused.returncode == 1
    assert "the Cube server does not answer" in refused.stderr


def test_todays_cube_plans_the_same(
    project: SmallProject, compiler_packages: Path, tmp_path: Path
) -> None:
    layer = read_layer(semantic_manifest(project), "postgres")
    model = exported_model(layer, YAML)
    model_files(model, YAML, tmp_path).write()
    with ExitStack() as stack:
        connection = project.connect(stack, "postgres")
        cube = stack.enter_context(compiled_cube(compiler_packages, tmp_path, project))
        findings = ParityCheck(layer, model, connection, cube).run(lambda _: None)
    assert findings.is_clean, findings
    assert len(findings.equal) >= AT_LEAST[project.directory.name.partition("_")[0]]


@pytest.mark.parametrize("form", [YAML, JAVASCRIPT])
def test_texts_come_through_as_they_are(
    more_bikes: SmallProject, compiler_packages: Path, tmp_path: Path, form: str
) -> None:
    layer = read_layer(semantic_manifest(more_bikes), "postgres")
    odd = 'It\'s {{ "x" }} {% if %} {# c #} ${ev} `b` \\d 50%\n - second: line #1'
    written = odd.replace("'", "''").replace("\n", " ").replace("{{", "{ {").replace("}}", "} }")
    condition = Condition.parse(f"{{{{ Dimension('ride__kind') }}}} != '{written}'")
    fees = replace(
        layer.metrics["fees"], label=odd, description=odd, meta={"of": odd, "at": [1, -1.5, None]}
    )
    changed = replace(fees, conditions=(condition,))
    layer = replace(layer, metrics={**layer.metrics, "fees": changed})
    model_files(exported_model(layer, form), form, tmp_path).write()
    with compiled_cube(compiler_packages, tmp_path, more_bikes) as cube:
        found = cube.known["rides.fees"]
        question = ParityQuestion("rides", ("fees",), chosen=("ride__kind", "ebike"))
        [row] = cube.rows(question.of_cube())
    assert (found["shortTitle"], found["description"], found["meta"]["of"]) == (odd, odd, odd)
    assert float(row["rides.fees"]) == 53.5
