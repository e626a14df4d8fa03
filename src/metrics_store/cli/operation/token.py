"""`metrics token`: a new token for a principal."""

from __future__ import annotations

import click


@click.command()
@click.argument("name")
@click.option("--group", "groups", multiple=True, help="What they belong to; may be repeated.")
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=VALUE",
    help="What else is known of them, such as teams=EMEA; may be repeated.",
)
def token(*, name: str, groups: tuple[str, ...], attributes: tuple[str, ...]) -> None:
    """Make a token for NAME, and the entry of the server's configuration file that knows it.

    The token goes to standard error and is kept nowhere; the entry, with its hash, goes to standard
    output.
    """
    import yaml

    from metrics_store.access.authentication.known_tokens import fresh_token, hash_token
    from metrics_store.access.authentication.scram import ScramVerifier

    values: dict[str, list[str]] = {}
    for attribute in attributes:
        key, separator, value = attribute.partition("=")
        if not separator or not key:
            raise click.UsageError(f"--attribute wants NAME=VALUE, not {attribute}")
        values.setdefault(key, []).append(value)
    fresh = fresh_token()
    entry: dict[str, object] = {"name": name}
    if groups:
        entry["groups"] = list(groups)
    if values:
        entry["attributes"] = values
    entry["sha256"] = hash_token(fresh)
    entry["scram"] = str(ScramVerifier.of_password(fresh))
    click.secho(f"token of {name}, shown this once: ", nl=False, err=True)
    click.echo(fresh, err=True)
    click.echo(yaml.safe_dump({"tokens": [entry]}, sort_keys=False), nl=False)
