"""Raw rows made clean: what is deleted or merged away is gone, amounts are corporate currency."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from oracle.pipeline.settings import Settings, Stage
from oracle.pipeline.values import (
    boolean,
    day,
    identifier,
    midnight,
    number,
    probability,
    six_decimals,
    text,
    timestamp,
)

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from oracle.reading import Raw, Row

SEGMENTS = ((10_000_000, "Enterprise"), (1_000_000, "Mid-Market"))


@dataclass(frozen=True)
class Condition:
    """What an opportunity's history tracks, at one time."""

    stage: Stage
    amount: Decimal | None
    probability: Decimal | None
    close_date: date | None
    forecast_category: str | None


def is_live(row: Row) -> bool:
    """A deleted record leaves every mart and every past day."""
    return not (boolean(row.get("is_deleted")) or boolean(row.get("_fivetran_deleted")))


def live(rows: list[Row]) -> list[Row]:
    return [row for row in rows if is_live(row)]


def corporate(amount: object, currency: object, rates: dict[str, Decimal]) -> Decimal | None:
    """One static rate each, used for all of history; a missing rate fails and names the currency.

    No currency means the corporate one.
    """
    code, given = text(currency), number(amount)
    if code is not None and code not in rates:
        raise ValueError(f"there is no rate for the currency {code}")
    if given is None or code is None:
        return given
    return six_decimals(given * rates[code])


def segment(annual_revenue: Decimal | None) -> str | None:
    """Annual revenue >= 10M Enterprise, >= 1M Mid-Market, else SMB; NULL stays NULL."""
    if annual_revenue is None:
        return None
    return next((name for least, name in SEGMENTS if annual_revenue >= least), "SMB")


class Accounts:
    """The accounts that survive, and where those merged away have gone."""

    def __init__(self, rows: list[Row], rates: dict[str, Decimal]) -> None:
        self._masters = {
            identifier(row["id"]): master
            for row in rows
            if (master := identifier(row.get("master_record_id")))
        }
        self._attributes = {
            identifier(row["id"]): _account_attributes(row, rates)
            for row in live(rows)
            if identifier(row["id"]) not in self._masters
        }

    def survivor(self, account_id: str | None) -> str | None:
        """A merged-away account's opportunities follow to the surviving one, however far."""
        seen = set()
        while account_id in self._masters and account_id not in seen:
            seen.add(account_id)
            account_id = self._masters[account_id]
        return account_id if account_id in self._attributes else None

    def attributes(self, account_id: str | None) -> Row:
        return self._attributes.get(account_id) or dict.fromkeys(ACCOUNT_DIMENSIONS)


def _account_attributes(row: Row, rates: dict[str, Decimal]) -> Row:
    revenue = corporate(row.get("annual_revenue"), row.get("currency_iso_code"), rates)
    return {
        "account__account_name": text(row.get("name")),
        "account__account_type": text(row.get("type")),
        "account__industry": text(row.get("industry")),
        "account__segment": segment(revenue),
        "account__billing_country": text(row.get("billing_country")),
        "account__billing_state": text(row.get("billing_state")),
        "account__billing_city": text(row.get("billing_city")),
    }


ACCOUNT_DIMENSIONS = (
    "account__account_name",
    "account__account_type",
    "account__industry",
    "account__segment",
    "account__billing_country",
    "account__billing_state",
    "account__billing_city",
)


class Owners:
    """Users by id, those who left included, with today's team and manager."""

    def __init__(self, users: list[Row], roles: list[Row], settings: Settings) -> None:
        self._crm_source = settings.crm_source
        teams = {identifier(role["id"]): text(role.get("name")) for role in live(roles)}
        rows = {identifier(user["id"]): user for user in live(users)}
        names = {user_id: _user_name(user) for user_id, user in rows.items()}
        self._long = {user_id[:15]: user_id for user_id in rows if user_id}
        self._attributes = {
            user_id: {
                "owner__owner_name": names[user_id],
                "owner__team": teams.get(identifier(user.get("user_role_id"))),
                "owner__manager_name": names.get(identifier(user.get("manager_id"))),
            }
            for user_id, user in rows.items()
        }
        self._stays: dict[str | None, list[tuple[datetime, str | None]]] = defaultdict(list)
        for stay in sorted(settings.memberships, key=lambda stay: stay.valid_from):
            if midnight(stay.valid_from) < settings.end:
                place = midnight(stay.valid_from), stay.team
                self._stays[self.user_id(stay.owner_id)].append(place)

    def team_at(self, user_id: str | None, time: date | datetime | None) -> str | None:
        """The planned team at a time, the first one for all time before it too.

        Where plans say nothing of the owner, today's team; none without a time.
        """
        if time is None:
            return None
        stays = self._stays.get(user_id)
        if stays is None:
            team: str | None = self.attributes(user_id)["owner__team"]
            return team
        moment = time if isinstance(time, datetime) else midnight(time)
        return [team for since, team in stays if since <= moment or since == stays[0][0]][-1]

    def user_id(self, value: object) -> str | None:
        """The user that a value names by its id, of fifteen characters or eighteen."""
        given = identifier(value)
        return self._long.get(given[:15], given) if given else None

    def is_known(self, value: object) -> bool:
        """Whether there is a user of this id."""
        return self.user_id(value) in self._attributes

    def is_user(self, value: object) -> bool:
        """Field history writes each change twice, by name and by id: only the id is one."""
        given = identifier(value)
        return given is not None and (
            given[:15] in self._long or (given.startswith("005") and len(given) in (15, 18))
        )

    def attributes(self, user_id: str | None) -> Row:
        return {
            "owner": None if user_id is None else f"{self._crm_source}:{user_id}",
            **(self._attributes.get(user_id) or NO_OWNER),
        }


NO_OWNER = dict.fromkeys(("owner__owner_name", "owner__team", "owner__manager_name"))


def _user_name(row: Row) -> str | None:
    parts = [text(row.get("first_name")), text(row.get("last_name"))]
    return text(row.get("name")) or text(" ".join(part for part in parts if part))


class Stages:
    """What each stage name means.

    Known ones are matched whatever the case. An unknown stage takes its state from `is_closed`
    and `is_won`: of the opportunity itself if it stands in that stage, else of the one in that
    stage that was changed last. Where there is none, as of a stage that was renamed since, the
    history row's own forecast category and probability say it together, or it is open.
    """

    def __init__(self, stage_map: dict[str, Stage], opportunities: list[Row]) -> None:
        self._known = stage_map
        self._seen: dict[str, Row] = {}
        for row in sorted(opportunities, key=lambda row: _instant(row["last_modified_date"])):
            self._seen[str(row["stage_name"]).lower()] = row

    def find(self, change: Row, opportunity: Row) -> Stage:
        name = change["stage_name"]
        folded = str(name).strip().lower()
        if folded in self._known:
            return self._known[folded]
        own = str(opportunity["stage_name"]).lower() == folded
        if not own and folded not in self._seen:
            return Stage(str(name), None, _recorded_outcome(change))
        row = opportunity if own else self._seen[folded]
        closed, won = boolean(row.get("is_closed")), boolean(row.get("is_won"))
        return Stage(str(name), None, "won" if won else "lost" if closed else "open")


def _recorded_outcome(change: Row) -> str:
    category = (text(change.get("forecast_category")) or "").lower()
    chance = probability(change.get("probability"))
    if category == "closed" and chance in (None, 1):
        return "won"
    return "lost" if category == "omitted" and chance == 0 else "open"


def _instant(value: object) -> datetime:
    moment = timestamp(value)
    if moment is None:
        raise ValueError("a time is missing")
    return moment


class Clean:
    """The clean tables; history rows by opportunity, oldest first, each with its instant."""

    def __init__(self, raw: Raw, settings: Settings) -> None:
        self._rates = settings.rates
        self.opportunities = live(raw["opportunity"])
        self.accounts = Accounts(raw.get("account", []), settings.rates)
        self.owners = Owners(raw.get("user", []), raw.get("user_role", []), settings)
        self._stages = Stages(settings.stage_map, self.opportunities)
        self.history = _by_opportunity(raw.get("opportunity_history", []))
        self.field_history = _by_opportunity(raw.get("opportunity_field_history", []))

    def condition(self, row: Row, opportunity: Row) -> Condition:
        """Clean a history row, or the opportunity's own.

        Open with NULL probability takes the stage's default; NULL there counts 0. A history row
        without currency or forecast category has the opportunity's.
        """
        stage = self._stages.find(row, opportunity)
        currency = text(row.get("currency_iso_code")) or opportunity.get("currency_iso_code")
        chance = probability(row.get("probability"))
        if chance is None and stage.is_open:
            chance = stage.default_probability
        return Condition(
            stage,
            corporate(row.get("amount"), currency, self._rates),
            chance,
            day(row.get("close_date")),
            text(row.get("forecast_category")) or text(opportunity.get("forecast_category")),
        )


def _by_opportunity(rows: list[Row]) -> dict[str | None, list[tuple[datetime, Row]]]:
    """Order by created date, then id compared by bytes."""
    found: dict[str | None, list[tuple[datetime, Row]]] = defaultdict(list)
    ordered = sorted(
        live(rows), key=lambda row: (_instant(row["created_date"]), str(row["id"]).encode())
    )
    for row in ordered:
        found[identifier(row["opportunity_id"])].append((_instant(row["created_date"]), row))
    return found
