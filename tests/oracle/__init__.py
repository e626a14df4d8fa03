"""The funnel metrics a second time, in plain Python: what the marts and the engine are held to.

Nothing here uses SQL, dbt or pandas, and nothing of the product is imported.
"""

from oracle.metrics import METRICS
from oracle.oracle import Oracle
from oracle.reading import Raw, read_csv_directory, read_parquet_directory

__all__ = ["METRICS", "Oracle", "Raw", "read_csv_directory", "read_parquet_directory"]
