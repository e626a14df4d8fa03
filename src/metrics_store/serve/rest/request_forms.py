"""The forms of REST requests: the parameters that each endpoint takes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from metrics_store.query.forms.request_form import QuestionForm, Texts, ValuesForm

# Rows are counted with 64 bits.
_LAST_PAGE = 1_000_000_000
_LARGEST_PAGE = 100_000
_LARGEST_LIST_PAGE = 1000
_MOST_QUERIES = 100


class Paged(BaseModel):
    """Which page of the rows."""

    page: int = Field(
        default=1,
        ge=1,
        le=_LAST_PAGE,
        strict=True,
        description="Which page; the first is 1.",
        examples=[1],
    )
    page_size: int | None = Field(
        default=None,
        ge=1,
        le=_LARGEST_PAGE,
        strict=True,
        description="Rows on a page; by default the whole answer is one.",
        examples=[1000],
    )


class QueryForm(Paged, QuestionForm):
    """A question, and which page of its answer."""


class QueriesForm(BaseModel):
    """Several questions at once."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    queries: list[QuestionForm] = Field(
        min_length=1,
        max_length=_MOST_QUERIES,
        description="The questions. Those that ask for metrics of the same rows, with the same "
        "group-bys and filters, are answered by one statement.",
        examples=[[{"metrics": ["revenue"]}]],
    )


class ListForm(BaseModel):
    """A part of a list."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    search: str | None = Field(
        default=None, max_length=1024, description="Only what has this word in a name or text."
    )
    page: int = Field(
        default=1,
        ge=1,
        le=_LAST_PAGE,
        strict=True,
        description="Which page; the first is 1.",
        examples=[1],
    )
    page_size: int = Field(
        default=100,
        ge=1,
        le=_LARGEST_LIST_PAGE,
        strict=True,
        description="Things on a page.",
        examples=[100],
    )


class MetricsListForm(ListForm):
    """A part of a list of what metrics have."""

    metrics: Texts = Field(default=[], description="Only what all of these metrics have.")


class MetricForm(BaseModel):
    """One metric."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str = Field(max_length=1024, description="The metric's name.")


class PagedValuesForm(Paged, ValuesForm):
    """The values of a dimension, and which page of them."""
