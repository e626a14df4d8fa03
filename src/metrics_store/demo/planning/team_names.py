"""How the planning tool names owners: by Salesforce's ids, some of them the short ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.demo.salesforce.salesforce_ids import SHORT, USER, salesforce_id

if TYPE_CHECKING:
    from metrics_store.demo.salesforce.salesforce_users import Owner

SHORT_ID_EVERY = 4
# Owners' ids begin at 1,000 and leaders' at 100: no user has this one.
NOBODY = salesforce_id(USER, 999)


def given_id(owner: Owner) -> str:
    """Give the owner's id as it stands in the plans."""
    return owner.id[:SHORT] if owner.number % SHORT_ID_EVERY == 1 else owner.id
