"""Consumers of metrics: exports, reports, exposures and policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.access.policies.name_patterns import NamePatterns
from metrics_store.access.policies.policy_file import read_policy_file
from metrics_store.errors import MetricsStoreError
from metrics_store.review.definitions.definition import Kind, identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from metrics_store.review.definitions.definition import Definition

_REPORTS = ("model",)


@dataclass(frozen=True)
class Consumer:
    """Something that reads definitions or models.

    Attributes:
        kind: `export`, `report`, `exposure` or `policy`.
        name: Its name.
        reads: Identities of the definitions, unique ids of the models, and names of consumers
            that it reads.
        owner: Who answers for it; empty where nobody is named.
    """

    kind: str
    name: str
    reads: tuple[str, ...]
    owner: str = ""

    @property
    def identity(self) -> str:
        """The name among all consumers."""
        return f"{self.kind} {self.name}"


def read_consumers(
    manifest: dict[str, Any],
    semantic_manifest: dict[str, Any],
    definitions: Sequence[Definition],
    files: Path | None,
) -> Iterator[Consumer]:
    """Find who reads the numbers.

    Args:
        manifest: dbt's `manifest.json`.
        semantic_manifest: dbt's `semantic_manifest.json`.
        definitions: What is defined.
        files: The dbt project, for its policies; none where only manifests are at hand.
    """
    nodes: dict[str, Any] = manifest.get("nodes", {})
    models = {node["name"]: one for one, node in nodes.items() if node["resource_type"] in _REPORTS}
    exported: set[str] = set()
    for saved in semantic_manifest.get("saved_queries") or ():
        for export in saved.get("exports") or ():
            yield Consumer("export", export["name"], (identity(Kind.SAVED_QUERY, saved["name"]),))
            if export["name"] in models:
                exported.add(models[export["name"]])
    yield from _reports(nodes, exported)
    yield from _exposures(manifest, nodes, exported)
    if files is not None:
        yield from _policies(files, definitions)


def _named(identities: Sequence[str], nodes: dict[str, Any], exported: set[str]) -> list[str]:
    """Give what is read, with exports and reports by their names."""
    read = []
    for one in identities:
        kind, _, rest = one.partition(".")
        name = rest.rpartition(".")[2]
        if kind == "metric":
            read.append(identity(Kind.METRIC, name))
        elif kind == "saved_query":
            read.append(identity(Kind.SAVED_QUERY, name))
        elif one in exported:
            read.append(f"export {nodes[one]['name']}")
        else:
            read.append(one)
    return read


def _reports(nodes: dict[str, Any], exported: set[str]) -> Iterator[Consumer]:
    """Give the models over exports, directly or over other models."""
    over = set(exported)
    grown = True
    while grown:
        more = {
            one
            for one, node in nodes.items()
            if node["resource_type"] in _REPORTS
            and one not in over
            and over.intersection(node["depends_on"]["nodes"])
        }
        over |= more
        grown = bool(more)
    for one in sorted(over - exported):
        node = nodes[one]
        read = _named(node["depends_on"]["nodes"], nodes, exported)
        meta = (node.get("config") or {}).get("meta") or {}
        owner = str(meta.get("owner") or node.get("group") or "")
        reads = tuple(f"report {nodes[name]['name']}" if name in over else name for name in read)
        yield Consumer("report", node["name"], reads, owner)


def _exposures(
    manifest: dict[str, Any], nodes: dict[str, Any], exported: set[str]
) -> Iterator[Consumer]:
    for exposure in manifest.get("exposures", {}).values():
        read = _named(exposure["depends_on"]["nodes"], nodes, exported)
        reads = [
            f"report {nodes[one]['name']}" if one in nodes and one not in exported else one
            for one in read
        ]
        owner = exposure.get("owner") or {}
        yield Consumer(
            "exposure",
            exposure["name"],
            (*reads, *read),
            str(owner.get("name") or owner.get("email") or ""),
        )


def _policies(files: Path, definitions: Sequence[Definition]) -> Iterator[Consumer]:
    try:
        read = read_policy_file(files)
    except MetricsStoreError:
        # What is wrong with it is said where it is used: `metrics access`.
        return
    for policy in read[0].policies if read else ():
        display = {
            Kind.METRIC: NamePatterns(tuple(policy.metrics), tuple(policy.except_metrics)),
            Kind.DIMENSION: NamePatterns(tuple(policy.dimensions), tuple(policy.except_dimensions)),
        }
        by_rows = {rule.dimension for rule in policy.rows or ()}
        reads = [
            one.identity
            for one in definitions
            if (one.kind in display and one.name in display[one.kind])
            or (one.kind is Kind.DIMENSION and one.name in by_rows)
        ]
        yield Consumer("policy", policy.name, tuple(reads))
