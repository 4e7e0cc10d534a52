"""What refuses everybody to change or delete the history."""

_HISTORY = "the history is only ever added to"
#: The tables that are only ever added to -> the change that is taken all the same, where there is one.
_KEPT = {
    "public_log_entry": "",
    "public_log_hash": "",
    "internal_log_entry": "",
    "internal_log_hash": "",
    "public_log_checkpoint": "",
    "log_anchor": "",
    "public_log_cosignature": "",
    "public_log_name": "",
    "public_log_succession": "",
    # A redaction destroys the salt, and with it what the commitment in the log could be opened by.
    "public_event": (
        "NEW.salt IS NULL AND NEW.seq = OLD.seq AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.kind = OLD.kind"
        " AND coalesce(NEW.process_id, '') = coalesce(OLD.process_id, '')"
        " AND coalesce(NEW.subject_id, '') = coalesce(OLD.subject_id, '')"
    ),
    "audit_entry": "",
}


def create_statements(dialect: str) -> list[str]:
    return _on_sqlite() if dialect == "sqlite" else _on_postgresql()


def drop_statements(dialect: str) -> list[str]:
    """What is left when the tables are dropped, and their triggers with them."""
    functions = ("tracker_keeps", "custody_event_grows")
    return [] if dialect == "sqlite" else [f"DROP FUNCTION {name}()" for name in functions]


def _on_sqlite() -> list[str]:
    return [
        *(
            f"CREATE TRIGGER {table}_keeps_{verb} BEFORE {verb.upper()} ON {table}{_unless(verb, change)}"
            f" BEGIN SELECT RAISE(ABORT, '{_HISTORY}'); END"
            for table, change in _KEPT.items()
            for verb in ("update", "delete")
        ),
        *(
            f"CREATE TRIGGER custody_event_{verb} BEFORE {verb.upper()} ON custody_event"
            " BEGIN SELECT RAISE(ABORT, 'custody_event only grows'); END"
            for verb in ("update", "delete")
        ),
    ]


def _on_postgresql() -> list[str]:
    return [
        "CREATE FUNCTION tracker_keeps() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{_HISTORY}' USING ERRCODE = 'restrict_violation'; END $$",
        *(
            f"CREATE TRIGGER {table}_keeps_{verb} BEFORE {verb.upper()} ON {table} FOR EACH ROW"
            f"{_unless(verb, change)} EXECUTE FUNCTION tracker_keeps()"
            for table, change in _KEPT.items()
            for verb in ("update", "delete")
        ),
        *(
            f"CREATE TRIGGER {table}_keeps_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION tracker_keeps()"
            for table in _KEPT
        ),
        "CREATE FUNCTION custody_event_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION ''custody_event only grows'' USING ERRCODE = ''23000''; END'",
        "CREATE TRIGGER custody_event_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON custody_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION custody_event_grows()",
    ]


def _unless(verb: str, change: str) -> str:
    return f" WHEN (NOT ({change}))" if change and verb == "update" else ""
