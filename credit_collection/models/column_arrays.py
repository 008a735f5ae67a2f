"""Rows written column by column: one statement for what numpy has worked out, whatever the number."""

from odoo.tools import SQL


def insert_columns(env, table, columns):
    """Insert rows into ``table``. ``columns``: {name: (SQL type by its short name, list of values)}, of one length."""
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT * FROM unnest(%s)",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
            # Types are named as the catalogue does (int4, numeric): an identifier, so that it is quoted.
            SQL(", ").join(SQL("%s::%s[]", values, SQL.identifier(kind)) for kind, values in columns.values()),
        )
    )


def as_dates(days):
    """Dates of a datetime64 array, None for NaT."""
    return days.astype("datetime64[D]").astype(object).tolist()
