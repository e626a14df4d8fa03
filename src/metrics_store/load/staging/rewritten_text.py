"""SQL that writes a value as the loader reads it: other dates, decimal commas, mapped values.

What is in no form that is meant stays as it is, and is then told as what does not fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.sql_names import literal

if TYPE_CHECKING:
    from metrics_store.load.contracts.contract import Column
    from metrics_store.load.load_options import Formats
    from metrics_store.load.mappings.source_mapping import TableMapping

# The order of the parts of a day, and what may stand between them.
_DAY_FORMS = {
    "us": (r"\d{1,2}[/-]\d{1,2}[/-]\d{4}", "%m/%d/%Y"),
    "eu": (r"\d{1,2}[./-]\d{1,2}[./-]\d{4}", "%d/%m/%Y"),
}
_TIME_FORM = r"(,? \d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?)?"
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_GROUPED = r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d*)?"


def _day_first_or_last(text: str, formats: Formats) -> str:
    """Write `7/24/2024 3:12 PM` as 2024-07-24 15:12:00."""
    form, day = _DAY_FORMS[formats.dates]
    listed = ", ".join(literal(day + time) for time in _TIMES)
    # One way to write each: slashes, one space before the time and one before AM or PM.
    plain = (
        f"regexp_replace(regexp_replace(regexp_replace({text}, "
        r"'^(\d+).(\d+).(\d{4})', '\1/\2/\3'), ',? (\d+:)', ' \1'), ' ?([AaPp][Mm])$', ' \1')"
    )
    instant = f"try_strptime({plain}, [{listed}])"
    written = f"strftime({instant}, '%Y-%m-%d %H:%M:%S')"
    is_form = f"regexp_full_match({text}, {literal(form + _TIME_FORM)})"
    return f"case when {is_form} then coalesce({written}, {text}) else {text} end"


def _with_point(text: str) -> str:
    """Write `1.234,5` as 1234.5; a number with a point that groups nothing fits no more."""
    is_form = f"regexp_full_match({text}, {literal(_GROUPED)})"
    written = f"replace(replace({text}, '.', ''), ',', '.')"
    return f"case when {is_form} then {written} else {text} || ' ?' end"


def _mapped(text: str, column: Column, mapping: TableMapping) -> str:
    pairs = mapping.values.get(column.name, {})
    if not pairs:
        return text
    cases = " ".join(f"when {literal(old)} then {literal(new)}" for old, new in pairs.items())
    return f"nullif(case trim({text}) {cases} else {text} end, '')"


def rewritten(text: str, column: Column, mapping: TableMapping) -> str:
    """Give the SQL of what is read in a value's place; the same SQL where nothing is.

    Args:
        text: The SQL of the value as text.
        column: The column it is meant for.
        mapping: What is said of the table's files.
    """
    kind = column.data_type.kind
    text = _mapped(text, column, mapping)
    if column.percent and kind in ("numeric", "double precision"):
        text = rf"regexp_replace({text}, '\s*%$', '')"
    if kind in ("date", "timestamp") and mapping.formats.dates != "iso":
        return _day_first_or_last(text, mapping.formats)
    if kind in ("numeric", "double precision") and mapping.formats.decimal_comma:
        return _with_point(text)
    return text
