"""Imports Arrow without NumPy, which takes as long to import and which no answer here needs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from types import ModuleType


def import_arrow_alone() -> None:
    """Import Arrow; where nobody has imported NumPy yet, as if it were not installed.

    Arrow works without it, but for what turns arrays into NumPy's or pandas' own. Whoever imports
    NumPy afterwards gets it.
    """
    if "pyarrow" in sys.modules or "numpy" in sys.modules:
        return
    # So Python itself says that a module cannot be imported.
    sys.modules["numpy"] = cast("ModuleType", None)
    try:
        import pyarrow  # noqa: F401, ICN001
    finally:
        del sys.modules["numpy"]
