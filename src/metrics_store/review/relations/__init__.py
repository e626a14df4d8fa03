"""Relations: the meaning of SQL as fingerprints of its rows and columns.

A fingerprint is made of the fingerprints beneath it, down to the sources. How the SQL is spelled
is not part of it: layout, comments, names of tables and of common table expressions, or the order
of conditions. What is not understood counts with all that it is made of, so that a change may look
larger than it is, but none is missed.
"""

from metrics_store.review.relations.dbt.project_relations import project_relations
from metrics_store.review.relations.fingerprints import ALGORITHM_VERSION
from metrics_store.review.relations.queries.sql_text import (
    condition_fingerprint,
    expression_fingerprint,
    relation_of_sql,
)
from metrics_store.review.relations.relation import Relation, seed_relation, source_relation

__all__ = [
    "ALGORITHM_VERSION",
    "Relation",
    "condition_fingerprint",
    "expression_fingerprint",
    "project_relations",
    "relation_of_sql",
    "seed_relation",
    "source_relation",
]
