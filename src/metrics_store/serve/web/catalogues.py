"""The catalogue as each caller may see it, each page written when somebody opens it."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.policies.policies import Policies
from metrics_store.catalogue.settings import read_settings
from metrics_store.catalogue.site.content.data_facts import DataFacts
from metrics_store.catalogue.site.content.dbt_relations import read_relations
from metrics_store.catalogue.site.content.site_subject import Subject
from metrics_store.catalogue.site.site_files import site_writers
from metrics_store.engine.call import Call
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, read_manifest
from metrics_store.query.manifest_reader import read_semantic_manifest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from metrics_store.access.principal import Principal
    from metrics_store.engine.engine import Engine
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest

_CALLERS = 8
# On a server of databases rows change unseen; older ones are written anew.
_SECONDS = 600
_INTERFACE = "web"


class Files:
    """The files of one caller's catalogue, each written when it is asked for first."""

    def __init__(self, writers: Mapping[str, Callable[[], str]]) -> None:
        self._writers = writers
        self._texts: dict[str, str] = {}

    def text(self, address: str) -> str | None:
        """Give the text of a file; none where there is no such file."""
        if address not in self._texts and address in self._writers:
            self._texts[address] = self._writers[address]()
        return self._texts.get(address)


@dataclass(frozen=True)
class CallerClient:
    """Answers the requests of the catalogue as one caller."""

    engine: Engine
    principal: Principal

    def answer(self, request: MetricRequest) -> pa.Table:
        """Answer a request."""
        return self.engine.answer(request, self.principal, Call(_INTERFACE)).table

    def compile(self, request: MetricRequest) -> str:
        """Give the SQL of a request."""
        return self.engine.compile(request, self.principal, Call(_INTERFACE))

    def definitions(self) -> Definitions:
        """Give what is defined, cut to what the caller may see."""
        return self.engine.definitions(self.principal)

    def reference_date(self) -> dt.date | None:
        """Give the last day that the data tell of."""
        return self.engine.reference_date()

    def dated(self, request: MetricRequest) -> MetricRequest:
        """Give a request with the days of its period as its start and end."""
        return self.engine.dated(request)

    def fiscal_names(self) -> dict[str, dict[dt.date, str]]:
        """Give what fiscal periods are called."""
        return self.engine.fiscal_names()

    def value_ranks(self, group_bys: Sequence[str]) -> dict[str, dict[object, object]]:
        """Give the order that the values of group-bys have of their own."""
        return self.engine.value_ranks(group_bys, self.principal)


class Catalogues:
    """Gives the files of the catalogue, one catalogue a caller and state of the data."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._known: OrderedDict[object, Future[Files]] = OrderedDict()
        # One at a time: whoever asks for metrics is not to wait for it.
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="catalogue")

    def files(self, principal: Principal) -> Files | None:
        """Give a caller's catalogue; none while it is still being put together.

        Raises:
            MetricsStoreError: Nothing is built, or nothing may be seen.
        """
        key = self._key(principal)
        with self._lock:
            future = self._known.get(key)
            if future is None:
                future = self._known[key] = self._writer.submit(self._write, principal)
                while len(self._known) > _CALLERS:
                    self._known.popitem(last=False)[1].cancel()
            if future.done() and future.exception() is not None:
                # Asked again it may be well.
                del self._known[key]
        return future.result() if future.done() else None

    def _key(self, principal: Principal) -> object:
        certain = self._engine.data_version_is_certain
        age = 0 if certain else int(time.monotonic() // _SECONDS)
        attributes = tuple(sorted(principal.attributes.items()))
        who = (principal.name, principal.groups, attributes)
        return (*who, self._engine.data_version, age)

    def _write(self, principal: Principal) -> Files:
        artifacts, project = self._engine.artifacts, self._engine.project_directory
        manifest = read_manifest(artifacts)
        definitions = read_semantic_manifest(artifacts / SEMANTIC_MANIFEST)
        subject = Subject(
            name=manifest["metadata"].get("project_name") or project.name,
            client=CallerClient(self._engine, principal),
            manifest=definitions,
            relations=read_relations(manifest),
            policies=Policies.load(project, definitions),
            settings=read_settings(project / "docs" / "metrics.yml"),
            # They name other callers.
            shows_policies=False,
            facts=DataFacts.of(manifest, self._engine.data_version, self._engine.table_comments()),
        )
        return Files(site_writers(subject))
