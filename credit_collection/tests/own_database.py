"""A copy of the test's database, for tests that really commit."""

import re
import subprocess
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tests import get_db_name
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from .common import CollectionCase


def copy_database(target):
    """Make ``target`` a copy of the test's database, or of the one that pytest-xdist copied, whichever is quicker."""
    env = exec_pg_environ()
    source = re.sub(r"-gw\d+$", "", get_db_name())
    by_template = [find_pg_tool("createdb"), "-T", source, target]
    if subprocess.run(by_template, env=env, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        return
    # Others are connected to it: by dump, then.
    subprocess.run([find_pg_tool("createdb"), "-T", "template0", target], env=env, check=True)
    with subprocess.Popen([find_pg_tool("pg_dump"), source], env=env, stdout=subprocess.PIPE) as dump:
        restore = [find_pg_tool("psql"), "-q", "-d", target]
        subprocess.run(restore, env=env, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)


def drop_database(name):
    """Drop a copy, ending the sessions on it."""
    command = [find_pg_tool("dropdb"), "--if-exists", "--force", name]
    subprocess.run(command, env=exec_pg_environ(), stderr=subprocess.DEVNULL, check=True)


class OwnDatabaseCase(CollectionCase):
    """CollectionCase on a copy of the database, which goes with the class.

    ``prepare()`` builds what is committed for every test; a test works in ``session()``s, each its own transaction.
    """

    @classmethod
    def setUpClass(cls):
        cls.database = f"{get_db_name()}_{cls.__name__.lower()}"[-63:]
        cls.addClassCleanup(cls._drop_database)
        cls._drop_database()
        copy_database(cls.database)
        cls._load_registry()
        cls.startClassPatcher(patch("odoo.tests.common.get_db_name", lambda: cls.database))
        super().setUpClass()
        cls.prepare()
        cls.env.flush_all()
        # TransactionCase forbids commits on its cursor, for the sake of a database that this one is not.
        sql_db.Cursor.commit(cls.cr)

    @classmethod
    def prepare(cls):
        """Build what every test finds. Override."""

    @classmethod
    def _load_registry(cls):
        # Under test, Odoo runs tests while it loads a registry.
        enabled, config["test_enable"] = config["test_enable"], False
        try:
            Registry(cls.database)
        finally:
            config["test_enable"] = enabled

    @classmethod
    def _drop_database(cls):
        Registry.delete(cls.database)
        sql_db.close_db(cls.database)
        drop_database(cls.database)

    @contextmanager
    def session(self):
        """An environment whose transaction begins now; what it commits stays, the rest goes."""
        cursor = self.registry.cursor()
        try:
            # Its snapshot is taken by its first statement, and nobody waits for ever for a lock.
            cursor.execute("SET lock_timeout = '3s'")
            yield api.Environment(cursor, SUPERUSER_ID, {})
        finally:
            cursor.rollback()
            cursor.close()
