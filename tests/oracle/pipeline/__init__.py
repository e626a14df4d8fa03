"""The pipeline metrics a second time, in plain Python: what the marts and the engine are held to.

Nothing here uses SQL, dbt or pandas, and nothing of the product is imported.
"""

from oracle.pipeline.oracle import PipelineOracle
from oracle.pipeline.settings import STANDARD_STAGES, Membership, Quota, Stage

__all__ = ["STANDARD_STAGES", "Membership", "PipelineOracle", "Quota", "Stage"]
