"""Pipedrive exports as people have them."""

from __future__ import annotations

from functools import partial

from load.exports import (
    Messy,
    each,
    edit,
    first,
    in_parts,
    packed,
    remove,
    separated,
    without_columns,
)
from metrics_store.load.load_options import Formats, LoadOptions

_case = partial(Messy, "pipedrive")


PIPEDRIVE_CASES = [
    _case("packed with gzip", packed),
    _case("separated by semicolons", each(separated(";"))),
    _case(
        "with Excel's line of the separator", each(lambda text: "sep=;\r\n" + separated(";")(text))
    ),
    _case(
        "in UTF-16",
        each(lambda text: text.encode("utf-16")),
        options=LoadOptions(Formats("utf-16")),
    ),
    _case(
        "some files in Latin-1",
        each(lambda text: text.encode("latin-1"), "users.csv"),
        options=LoadOptions(Formats("latin-1")),
    ),
    _case(
        "European days, also where the change log keeps them as text",
        first(
            edit("deal_changes.csv", "2024-01-05T08:00:00", "05.01.2024 08:00"),
            edit("deal_changes.csv", "2024-01-05 08:00:00", "05.01.2024 08:00"),
            edit("activity.csv", "2024-02-13 10:30:00", "13/2/2024 10:30"),
        ),
        options=LoadOptions(Formats(dates="eu")),
        differs=(("2024-01-05T08:00:00", "2024-01-05 08:00:00"),),
    ),
    _case(
        "European days, and nothing said",
        edit("deal_changes.csv", "2024-01-05T08:00:00", "05.01.2024 08:00"),
        says=(
            "deal_changes.csv, line 2, column new_value: '05.01.2024 08:00' does not fit",
            "because changed_field_key is add_time",
        ),
    ),
    _case("ids as pandas writes them", edit("activity.csv", ",7,100,", ",7.0,100.0,")),
    _case(
        "other booleans",
        first(edit("activity.csv", ",true,", ",1,"), edit("activity.csv", ",false,", ",0,")),
    ),
    _case("parts with numbers", lambda directory: in_parts(directory, "deal_changes.csv")),
    _case("parts in a directory", lambda directory: in_parts(directory, "users.csv", folder=True)),
    _case(
        "a second download",
        lambda directory: (directory / "users (1).csv").write_text("id\n1\n"),
        says=("users (1).csv may be a copy of the file",),
    ),
    _case("empty rows below", each(lambda text: text + ",,,\n,,,\n", "fields.csv", "users.csv")),
    _case(
        "a note below the rows",
        each(lambda text: text + "Exported by Kim\n", "users.csv"),
        says=("users.csv, line 4: the row has 1 field; expected 4 fields",),
    ),
    _case(
        "a user twice",
        edit("users.csv", "8,Kim", "7,Kim"),
        says=("users.csv, line 3, column id: '7' stands in line 2 already",),
    ),
    _case(
        "a stage without a name",
        edit("stages.csv", "Lead In", " "),
        says=("stages.csv, line 2, column stage_name: there is only white space",),
    ),
    _case(
        "options that are no JSON",
        edit("fields.csv", "[{", "{{"),
        says=("fields.csv, line 2, column field_value_options", "expected valid JSON"),
    ),
    _case(
        "no stages",
        remove("stages.csv"),
        says=("the file of the table stages is missing; expected stages.csv",),
    ),
    _case(
        "other names, by a mapping",
        first(
            edit("users.csv", "id,name", "Nutzer-ID,Name des Nutzers"),
            lambda directory: (directory / "users.csv").rename(directory / "Nutzer.csv"),
        ),
        mapping="tables:\n  users:\n    files: Nutzer.csv\n    columns:\n"
        "      id: Nutzer-ID\n      name: Name des Nutzers\n",
    ),
    _case(
        "a time with an offset",
        edit("activity.csv", "2024-02-01 09:00:00", "2024-02-01T10:00:00+01:00"),
    ),
    _case(
        "a year that nobody means",
        edit("activity.csv", "2024-02-01", "0204-02-01"),
        says=("activity.csv, line 2, column due_to: '0204-02-01 09:00:00' does not fit",),
    ),
    _case(
        "no addresses",
        without_columns("users.csv", "email"),
        differs=(("j@example.com", None), ("k@example.com", None)),
    ),
]
