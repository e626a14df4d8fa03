"""A metrics store over any dbt project that declares semantic models and metrics."""

__version__ = "0.1.0"
