"""What the answers depend on besides the raw rows: the reference date, seeds and vars."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from oracle.pipeline.values import midnight


@dataclass(frozen=True)
class Stage:
    """What a stage name means; `default_probability` is a fraction 0-1."""

    name: str
    order: int | None
    category: str
    funnel_step: str | None = None
    default_probability: Decimal | None = None

    @property
    def is_open(self) -> bool:
        return self.category == "open"

    @property
    def is_won(self) -> bool:
        return self.category == "won"


@dataclass(frozen=True)
class Quota:
    """What one owner is to win in one month, in corporate currency."""

    owner_id: str
    month: date
    amount: Decimal


@dataclass(frozen=True)
class Membership:
    """The team in which an owner is from a day on; None is no team."""

    owner_id: str
    team: str | None
    valid_from: date


@dataclass(frozen=True)
class Settings:
    """The dbt vars and seeds, with the defaults of kpis.md.

    `rates` maps a currency to its rate to the corporate one; `stage_map` holds known stages by
    their names in lower case.
    """

    source_dt: date
    rates: dict[str, Decimal] = field(default_factory=dict)
    stage_map: dict[str, Stage] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    fiscal_year_start_month: int = 1
    likely_probability: Decimal = Decimal("0.7")
    likely_days: int = 30
    fewest_closed: int = 20
    bottleneck_days: float = 30
    growth_limit: float = 0.5
    future_months: int = 3
    push_reason_column: str | None = None
    lost_reason_column: str | None = None
    corporate_currency: str = "USD"
    memberships: tuple[Membership, ...] = ()
    crm_source: str = "salesforce"

    @property
    def end(self) -> datetime:
        """The first instant that is not built any more: `source_dt` itself is included."""
        return midnight(self.source_dt) + timedelta(days=1)


STANDARD_STAGES = {
    stage.name.lower(): stage
    for stage in (
        Stage("Prospecting", 1, "open", "1", Decimal("0.1")),
        Stage("Qualification", 2, "open", "2", Decimal("0.1")),
        Stage("Needs Analysis", 3, "open", "3", Decimal("0.2")),
        Stage("Value Proposition", 4, "open", None, Decimal("0.5")),
        Stage("Id. Decision Makers", 5, "open", None, Decimal("0.6")),
        Stage("Perception Analysis", 6, "open", None, Decimal("0.7")),
        Stage("Proposal/Price Quote", 7, "open", "4", Decimal("0.75")),
        Stage("Negotiation/Review", 8, "open", "5", Decimal("0.9")),
        Stage("Closed Won", 9, "won", None, Decimal(1)),
        Stage("Closed Lost", 10, "lost", None, Decimal(0)),
    )
}
