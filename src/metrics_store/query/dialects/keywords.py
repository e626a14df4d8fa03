"""Words of SQL that stand in quotes where they are names of columns."""

from __future__ import annotations

# What DuckDB or PostgreSQL does not take for the name of a column by itself. PostgreSQL's `user` is
# worse than rejected: it is whoever is connected.
_KEYWORDS = """
all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by
case cast check collate collation column columns concurrently constraint create cross
current_catalog current_date current_role current_schema current_time current_timestamp
current_user default deferrable desc describe distinct do else end except false fetch for
foreign freeze from full generated glob grant group having ilike in initially inner intersect
into is isnull join lambda lateral leading left like limit localtime localtimestamp map natural
not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing
positional primary qualify references returning right select semi session_user show similar
some struct summarize symmetric system_user table tablesample then to trailing true try_cast
tuple union unique unpack unpivot user using variadic verbose when where window with
"""
# What one of the others reserves besides. A name in quotes that needs none does no harm.
_OTHERS = """
account add aes128 aes256 after allow allowanalyze alter alteryx anyoverlap append
assert_rows_modified backup before begin between blanksasnull bytedict bzip2 char_length connect
connection contains correlation credentials csv cube current database date_add datetime day
deflate defrag delete delta delta32k disable disk drop emptyasnull enable encode encrypt
encryption enum escape every exclude execute exists explicit extract following function grouping
groups gscluster gzip hash hour ident identified identity if ignore increment index insert
interval issue key localtime lookup lun luns lzo merge minus minute minutes month mostly16
mostly32 mostly8 nchar new next no nocache nulls old open organization over overlay parallel
parameters partition percent permissions preceding prepare proto range raw readratio recover
recursive regexp rejectlog resort respect restore revoke rlike rollup row rows sample schema
second set skip start tag tdes text255 text32k timezone top treat trigger truncate
truncatecolumns trycast uescape unbounded unnest update utc_timestamp values view wallet
whenever within without year
"""
KEYWORDS = frozenset(_KEYWORDS.split())
MORE_KEYWORDS = KEYWORDS | frozenset(_OTHERS.split())
