"""CSV files with values that do not fit their column, or break a rule of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from load.broken_cases import DAY, STAMP, WHOLE, Case, edit

if TYPE_CHECKING:
    from pathlib import Path


def cell(column: str, bad: str, expected: str) -> Case:
    """Put one bad value into book 1 (line 2)."""
    good = {
        "Id": "1",
        "Price": "12.50",
        "Pages": "320",
        "Lent": "true",
        "AddedAt": "2024-07-24T06:47:10",
        "Printed": "1999-12-31",
        "Tags": '"{""a"": [1, 2]}"',
        "Rating": "4.5",
        "Genre": "novel",
    }[column]
    before, after = ("\n", ",") if column == "Id" else (",", ",")
    quoted = '"' + bad.replace('"', '""') + '"'
    return Case(
        f"{column} is {bad[:30]!r}",
        edit(f"{before}{good}{after}", f"{before}{quoted}{after}"),
        ("book.csv", "line 2", f"column {column}", repr(bad), expected),
    )


def several(directory: Path) -> None:
    """Break two tables at once, one of them in many rows."""
    edit("320", "many")(directory)
    rows = "".join(f"x{number},field,1\n" for number in range(50))
    (directory / "LoanEvent.csv").write_text("book_id,field,new_value\n" + rows)


VALUE_CASES = [
    # Its values.
    cell("Id", "one", WHOLE),
    cell("Id", "9223372036854775808", WHOLE),
    cell("Id", "1.5", WHOLE),
    cell("Id", "1e3", WHOLE),
    cell("Id", "1_000", WHOLE),
    cell("Pages", "2147483648", WHOLE),
    cell("Pages", "0x1F", WHOLE),
    cell("Price", "NaN", "a number such as 1234.5"),
    cell("Price", "1e400", "a number such as 1234.5"),
    cell("Price", "-inf", "a number such as 1234.5"),
    cell("Price", "1,000.50", "a number such as 1234.5"),
    cell("Price", "12345678901", "at most 10 digits before the point"),
    cell("Rating", "nan", "a finite number"),
    cell("Rating", "1e400", "a finite number"),
    cell("Rating", "10.1", "a number from 0 to 10"),
    cell("Rating", "-0.5", "a number from 0 to 10"),
    cell("Lent", "maybe", "true or false"),
    cell("Lent", "2", "true or false"),
    cell("AddedAt", "2024-02-30 10:00:00", STAMP),
    cell("AddedAt", "2024-07-24T06:4", STAMP),
    cell("AddedAt", "24/07/2024 06:47:10", STAMP),
    cell("AddedAt", "2024-07-24 25:00:00", STAMP),
    cell("AddedAt", "2024-07-24 06:47:10.1234567", STAMP),
    cell("AddedAt", "0024-07-24 06:47:10", "in the years 1900 to 2200"),
    cell("AddedAt", "9999-12-31 00:00:00", "in the years 1900 to 2200"),
    cell("Printed", "0202-05-01", "in the years 1900 to 2200"),
    cell("AddedAt", "infinity", STAMP),
    cell("AddedAt", "epoch", STAMP),
    cell("AddedAt", "1720000000", STAMP),
    cell("AddedAt", "2024-07-24 06:47:10 Europe/Paris", STAMP),
    cell("Printed", "2023-02-29", DAY),
    cell("Printed", "2023-07-11 10:30:00", DAY),
    cell("Printed", "11.07.2023", DAY),
    cell("Printed", "1899-12-31", "in the years 1900 to 2200"),
    cell("Tags", "{'a': 1}", "valid JSON"),
    cell("Tags", "[1, 2,]", "valid JSON"),
    cell("Tags", '{"a": NaN}', "valid JSON"),
    cell("Genre", "drama", "one of novel, poem"),
    cell("Genre", "Novel", "one of novel, poem"),
    # Its rules.
    Case(
        "a value is missing",
        edit(",true,", ",,"),
        ("book.csv", "line 2", "column Lent", "there is no value"),
    ),
    Case(
        "a quoted empty value is missing too",
        edit(",true,", ',"",'),
        ("book.csv", "line 2", "column Lent", "there is no value"),
    ),
    Case(
        "only white space where a number must be",
        edit("\n1,", "\n  ,"),
        ("book.csv", "line 2", "column Id", "there is no value"),
    ),
    Case(
        "only white space where a text must be",
        edit("Ωmega", " \u00a0\t"),
        ("book.csv", "line 5", "column Title", "only white space"),
    ),
    Case(
        "a value twice",
        edit("\n3,", "\n2,"),
        ("book.csv", "line 5", "column Id", "'2' stands in line 3 already", "each value once"),
    ),
    Case(
        "a value twice in two spellings",
        edit("\n3,", "\n01.0,"),
        ("book.csv", "line 5", "column Id", "'01.0' stands in line 2 already"),
    ),
    Case(
        "a text must be a timestamp here",
        edit("2024-08-01T00:00:00", "next week", "LoanEvent.csv"),
        ("LoanEvent.csv", "line 2", "column NEW_VALUE", "'next week'", STAMP, "field is due"),
    ),
    Case(
        "a text must be a number here",
        edit("44", "Ann", "LoanEvent.csv"),
        ("LoanEvent.csv", "line 3", "column NEW_VALUE", "'Ann'", WHOLE, "field is reader"),
    ),
    Case(
        "the optional file, where it is there",
        lambda directory: (directory / "branch.csv").write_text("id,city\n,Rome\n") and None,
        ("branch.csv", "line 2", "column id", "there is no value"),
    ),
    Case(
        "a value that no list knows",
        lambda directory: (
            (directory / "branch.csv").write_text("id,city\n1, Rome\n2,rome\n") and None
        ),
        (
            "branch.csv, line 3, column city: 'rome'",
            "one of Rome, Paris",
            "row in seeds/cities.csv",
        ),
    ),
    Case(
        "a long value is shown in short",
        edit("320", "9" * 5000),
        ("book.csv", "line 2", "column Pages", "'" + "9" * 60 + "…'"),
    ),
    Case(
        "several tables at once",
        several,
        (
            "51 problems in 2 of the files",
            "book.csv, line 2, column Pages: 'many'",
            "LoanEvent.csv, line 2, column book_id: 'x0'",
            "LoanEvent.csv, line 4, column book_id: 'x2'",
            "and 47 more",
        ),
    ),
]
