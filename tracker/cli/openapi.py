"""``tracker openapi``: the contract, made from the declarations."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--check",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Compare with this file; print nothing.",
)
def openapi(check: Path | None) -> None:
    """Print the OpenAPI document of this version.

    \b
    Example:   tracker openapi > openapi/tracker-v1.yaml
    """
    from tracker.api.openapi.document import serve_document

    text = serve_document("yaml").decode()
    if check is None:
        click.echo(text, nl=False)
    elif check.read_text(encoding="utf-8") != text:
        click.echo(f"{check} is not what the endpoints declare; write it again with `make spec`", err=True)
        sys.exit(1)
