"""What Cube's endpoints give: the cubes, rows, SQL, and what a query is without its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.catalogs.catalog_types import CatalogTypes
from metrics_store.serve.catalogs.kept_catalogs import KeptCatalogs
from metrics_store.serve.cube.annotations import annotation
from metrics_store.serve.cube.cube_questions import CubeQuestion, cube_question
from metrics_store.serve.cube.cubes import Cubes
from metrics_store.serve.cube.forms.query_form import read_queries
from metrics_store.serve.cube.load_results import columns_of, data_of
from metrics_store.serve.cube.member_entries import MemberEntries
from metrics_store.serve.cube.normal_queries import (
    BLENDED,
    COMPARE_KEY,
    COMPARED,
    REGULAR,
    TIME_KEY,
    check_blended,
    compared_queries,
    normal_query,
    pivot_query,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.engine.call import Call
    from metrics_store.engine.engine import Engine
    from metrics_store.query.definitions.definition_entries import MetricDefinition

_MULTI = "multi"
_SOURCE = "default"


class CubeTypes(CatalogTypes):
    """The types of columns, as far as Cube tells them apart: every measure is a number."""

    def of_metrics(self, metrics: Sequence[MetricDefinition]) -> list[str]:
        """Give the same type for all, which spares planning them."""
        return ["numeric" for _ in metrics]


@dataclass(frozen=True)
class CubeRequest:
    """A request to one of the endpoints.

    Attributes:
        principal: Who asks.
        call: What the engine knows it by.
        parameters: What is asked, by name.
    """

    principal: Principal
    call: Call
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class _Asked:
    """The questions of a request: of a query, of the ranges that it compares, or of several."""

    kind: str
    questions: list[CubeQuestion]
    entries: MemberEntries

    @property
    def queries(self) -> list[dict[str, Any]]:
        """The queries in their normal form."""
        return [normal_query(one) for one in self.questions]


class CubeEndpoints:
    """The endpoints of an engine; every method blocks, and gives what JSON is made of.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._catalogs = KeptCatalogs(engine, CubeTypes)

    def meta(self, request: CubeRequest) -> dict[str, Any]:
        """Give the cubes."""
        return {"cubes": MemberEntries(self._cubes(request.principal)).every_cube()}

    def load(self, request: CubeRequest) -> dict[str, Any]:
        """Give rows."""
        asked = self._asked(request)
        is_multi = request.parameters.get("queryType") == _MULTI
        if asked.kind != REGULAR and not is_multi:
            raise MetricsStoreError(
                "the answer to this has several parts", where=asked.kind, expected="queryType=multi"
            )
        answers = self._answers(asked.questions, request)
        queries = asked.queries
        results = [
            self._result(one, query, answer, asked)
            for one, query, answer in zip(asked.questions, queries, answers, strict=True)
        ]
        if not is_multi:
            return results[0]
        return {
            "queryType": asked.kind,
            "results": results,
            "pivotQuery": pivot_query(asked.kind, queries),
            "slowQuery": False,
        }

    def sql(self, request: CubeRequest) -> Any:  # noqa: ANN401 - an object, or a list of them
        """Give the SQL that the warehouse would run."""
        if request.parameters.get("format", "rest") != "rest":
            raise MetricsStoreError(
                "SQL is not asked here",
                where="format",
                expected="a query as JSON",
                remedy="ask SQL over PostgreSQL's protocol",
            )
        asked = self._asked(request)
        found = [self._compiled(one, request, part) for part, one in enumerate(asked.questions, 1)]
        return found[0] if asked.kind == REGULAR else found

    def dry_run(self, request: CubeRequest) -> dict[str, Any]:
        """Say what a query is, once it is known that it can be asked."""
        asked = self._asked(request)
        for part, question in enumerate(asked.questions, 1):
            self._compiled(question, request, part)
        queries = asked.queries
        return {
            "queryType": asked.kind,
            "normalizedQueries": queries,
            "queryOrder": [_order_of(one) for one in asked.questions],
            "transformedQueries": [self._transformed(one, asked) for one in asked.questions],
            "pivotQuery": pivot_query(asked.kind, queries),
        }

    def _cubes(self, principal: Principal) -> Cubes:
        return Cubes(self._catalogs.catalog(principal), self._engine.definitions(principal))

    def _asked(self, request: CubeRequest) -> _Asked:
        forms, is_list = read_queries(request.parameters.get("query"))
        kind = BLENDED if is_list else REGULAR
        if not is_list and (compared := compared_queries(forms[0])) is not None:
            kind, forms = COMPARED, compared
        cubes = self._cubes(request.principal)
        questions = [cube_question(one, cubes, self._engine.dated) for one in forms]
        asked = _Asked(kind, questions, MemberEntries(cubes))
        if kind == BLENDED:
            check_blended(asked.queries)
        return asked

    def _answers(self, questions: Sequence[CubeQuestion], request: CubeRequest) -> list[Answer]:
        if len(questions) == 1:
            return [self._engine.answer(questions[0].request, request.principal, request.call)]
        parts = [
            (one.request, request.call.part(number)) for number, one in enumerate(questions, 1)
        ]
        found: list[Answer] = []
        for one in self._engine.answer_many(parts, request.principal):
            if isinstance(one, MetricsStoreError):
                raise one
            found.append(one)
        return found

    def _result(
        self, question: CubeQuestion, query: dict[str, Any], answer: Answer, asked: _Asked
    ) -> dict[str, Any]:
        columns = columns_of(question, answer.table)
        all_rows = answer.table.num_rows
        rows = min(max(0, all_rows - (question.form.offset or 0)), question.form.rows)
        if asked.kind == COMPARED:
            [span] = [one.range for one in question.times if one.range is not None][:1]
            columns[COMPARE_KEY] = [" - ".join(span.texts)] * rows
        elif asked.kind == BLENDED:
            time = question.periods[0]
            columns[f"{TIME_KEY}.{time.granularity}"] = columns[time.key]
        result: dict[str, Any] = {
            "query": query,
            "data": data_of(columns, rows, question.form.responseFormat),
            "annotation": annotation(question, asked.entries),
            "dataSource": _SOURCE,
            "dbType": asked.entries.cubes.definitions.dialect,
            "extDbType": "",
            "external": False,
            "slowQuery": False,
            "total": all_rows if question.form.total else None,
        }
        if answer.reference_date is not None:
            result["referenceDate"] = answer.reference_date.isoformat()
        if answer.warnings:
            result["warnings"] = list(answer.warnings)
            result["warningKinds"] = list(answer.warning_kinds)
        return result

    def _compiled(self, question: CubeQuestion, request: CubeRequest, part: int) -> dict[str, Any]:
        call = request.call.part(part)
        sql = self._engine.compile(question.request, request.principal, call)
        return {
            "sql": {
                "sql": [sql, []],
                "aliasNameToMember": {column: key for key, column in question.columns},
                "order": _order_of(question),
                "dataSource": _SOURCE,
                "external": False,
            },
            "dataSource": _SOURCE,
        }

    @staticmethod
    def _transformed(question: CubeQuestion, asked: _Asked) -> dict[str, Any]:
        names = [one.name for one in question.measures]
        definitions = asked.entries.cubes.definitions
        return {
            "measures": names,
            "leafMeasures": names,
            "isAdditive": all(definitions.adds_up(one.column.name) for one in question.measures),
            "hasMultipliedMeasures": False,
            "sortedDimensions": sorted(one.name for one in question.dimensions),
            "sortedTimeDimensions": sorted(
                [one.member.name, one.granularity] for one in question.periods
            ),
        }


def _order_of(question: CubeQuestion) -> dict[str, str]:
    """Give what rows are ordered by, in Cube's words."""
    keys = {column: key for key, column in reversed(question.columns)}
    return {
        keys[one.removeprefix("-")]: "desc" if one.startswith("-") else "asc"
        for one in question.order
    }
