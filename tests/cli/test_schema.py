"""`vrss schema` writes what the code says, and sees what is stale."""

from pathlib import Path

import pytest

from api.cli import schemas as cli
from db.settings import OperatorError


def test_export_writes_what_check_compares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    for folder in ("api", "api/feeds", "db"):
        (tmp_path / folder).mkdir()
    every = r"api/schema\.graphql, api/feeds/feed\.schema\.json, db/schema\.sql"
    with pytest.raises(OperatorError, match=rf"^Not what the code says: {every}; "):
        cli.schema_check()

    cli.schema_export()
    assert (
        capsys.readouterr().out
        == "Wrote api/schema.graphql.\nWrote api/feeds/feed.schema.json.\nWrote db/schema.sql.\n"
    )
    cli.schema_check()
    assert "\ntype Query " in (tmp_path / "api" / "schema.graphql").read_text()
    assert "\nCREATE TABLE public.users " in (tmp_path / "db" / "schema.sql").read_text()

    with (tmp_path / "db" / "schema.sql").open("a") as file:
        file.write("-- stale\n")
    with pytest.raises(OperatorError, match=r"^Not what the code says: db/schema\.sql; "):
        cli.schema_check()
