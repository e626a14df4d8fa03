# ruff: noqa: E501 - rows are as long as they are
"""Small exports of both CRMs, and how people's exports differ from them."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.load_options import NO_OPTIONS, LoadOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SALESFORCE = {
    "Account.csv": """\
Id,Name,Industry,AnnualRevenue,OwnerId,CreatedDate
001000000000001AAA,"Müller & Söhne, GmbH",Energy,1500000.5,005000000000001AAA,2023-01-02T03:04:05.000Z
001000000000002AAA,Acme,,,005000000000002AAA,2023-05-06T07:08:09.000Z
""",
    "User.csv": """\
Id,FirstName,LastName,IsActive,UserRoleId
005000000000001AAA,Ann,One,true,00E000000000001AAA
005000000000002AAA,Bob,Two,false,
""",
    "Opportunity.csv": """\
Id,AccountId,OwnerId,Name,StageName,Amount,Probability,CloseDate,IsClosed,IsWon,CreatedDate,Region__c
006000000000001AAA,001000000000001AAA,005000000000001AAA,Pump,Prospecting,1234.5,10,2024-07-05,false,false,2024-01-02T10:00:00.000Z,North
006000000000002AAA,001000000000002AAA,005000000000002AAA,"Valve
and hose",Closed Won,20000,100,2024-03-04,true,true,2024-01-03T15:30:00.000Z,
006000000000003AAA,,005000000000001AAA,Tank,Closed Lost,,0,2024-02-01,true,false,2024-01-04T00:00:00.000Z,South
""",
    "OpportunityHistory.csv": """\
Id,OpportunityId,CreatedDate,StageName,Amount,Probability,CloseDate
008000000000001AAA,006000000000001AAA,2024-01-02T10:00:00.000Z,Prospecting,1000,10,2024-07-05
008000000000002AAA,006000000000002AAA,2024-01-03T15:30:00.000Z,Prospecting,,10,2024-02-29
008000000000003AAA,006000000000002AAA,2024-03-04T12:00:00.000Z,Closed Won,20000,100,2024-03-04
""",
}
PIPEDRIVE = {
    "activity.csv": """\
activity_id,type,assigned_to_user,deal_id,done,due_to
1,meeting,7,100,true,2024-02-01 09:00:00
2,sc_2,8,100,false,2024-02-13 10:30:00
""",
    "activity_types.csv": "id,name,active,type\n1,Sales Call 1,Yes,meeting\n2,Sales Call 2,No,sc_2\n",
    "deal_changes.csv": """\
deal_id,change_time,changed_field_key,new_value
100,2024-01-05 08:00:00,add_time,2024-01-05T08:00:00
100,2024-01-05 08:00:00,stage_id,1
100,2024-01-05 08:00:00,user_id,7
100,2024-03-01 10:00:00,lost_reason,2
""",
    "fields.csv": (
        "id,field_key,name,field_value_options\n"
        '1,lost_reason,Lost reason,"[{""id"": 2, ""label"": ""Too dear, überhaupt""}]"\n'
    ),
    "stages.csv": "stage_id,stage_name\n1,Lead In\n2,Qualified Lead\n",
    "users.csv": (
        "id,name,email,modified\n7,Jörg,j@example.com,2024-01-01T00:00:00\n8,Kim,k@example.com,\n"
    ),
}
EXPORTS = {"salesforce": SALESFORCE, "pipedrive": PIPEDRIVE}


@dataclass(frozen=True)
class Messy:
    """One way in which an export differs from the clean one.

    Attributes:
        source: Whose export it is.
        name: What is different.
        change: Makes the clean files so.
        options: What the load is told.
        differs: Pieces of the loaded rows that are others than those of the clean files, as
            (old, new); the same where there are none.
        says: What the refusal says; empty where the files are loaded.
        mapping: The content of a mapping file, which is then named to the load.
    """

    source: str
    name: str
    change: Callable[[Path], object]
    options: LoadOptions = NO_OPTIONS
    says: tuple[str, ...] = ()
    differs: tuple[tuple[object, object], ...] = ()
    mapping: str = ""


def write_export(source: str, directory: Path) -> Path:
    """Write the clean export of a CRM into a new directory."""
    directory.mkdir()
    for name, text in EXPORTS[source].items():
        (directory / name).write_text(text, encoding="utf-8")
    return directory


def each(change: Callable[[str], str | bytes], *names: str) -> Callable[[Path], None]:
    """Pass the text of every file, or of those named, through a function."""

    def apply(directory: Path) -> None:
        for path in sorted(directory.iterdir()):
            if not names or path.name in names:
                before = path.read_text(encoding="utf-8")
                after = change(before)
                assert after != before
                path.write_bytes(after if isinstance(after, bytes) else after.encode())

    return apply


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace all of a text in a file."""
    return each(lambda text: text.replace(old, new), name)


def without_columns(name: str, *columns: str) -> Callable[[Path], None]:
    """Leave columns of a file out."""

    def change(text: str) -> str:
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        kept = [place for place, column in enumerate(header) if column not in columns]
        assert len(kept) + len(columns) == len(header)
        written = io.StringIO()
        csv.writer(written).writerows([row[place] for place in kept] for row in (header, *rows))
        return written.getvalue()

    return each(change, name)


def separated(delimiter: str) -> Callable[[str], str]:
    """Separate fields by another sign, and quote all of them."""

    def change(text: str) -> str:
        written = io.StringIO()
        writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writerows(csv.reader(io.StringIO(text, newline="")))
        return written.getvalue()

    return change


def packed(directory: Path) -> None:
    """Pack every file with gzip and name it so."""
    for path in list(directory.iterdir()):
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()


def in_parts(directory: Path, name: str, *, folder: bool = False) -> None:
    """Take a file apart, a row a part."""
    path = directory / name
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
    path.unlink()
    if folder:
        (directory / path.stem).mkdir()
    for number, row in enumerate(rows, start=1):
        part = directory / path.stem / f"part-{number}.csv" if folder else None
        with (part or directory / f"{path.stem}_{number}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            csv.writer(file).writerows([header, row])


def remove(*names: str) -> Callable[[Path], None]:
    """Leave files out."""

    def apply(directory: Path) -> None:
        for name in names:
            (directory / name).unlink()

    return apply


def first(*changes: Callable[[Path], object]) -> Callable[[Path], None]:
    """Make several changes, one after the other."""

    def apply(directory: Path) -> None:
        for change in changes:
            change(directory)

    return apply
