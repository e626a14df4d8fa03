"""A metrics store over any dbt project that declares semantic models and metrics."""

from importlib.metadata import version

__version__ = version("metrics-store")
