"""What the tests of the add-on need beyond pytest-odoo."""

import gc
from contextlib import nullcontext
from unittest.mock import patch

import pytest


@pytest.fixture(scope="session", autouse=True)
def file_store_of_all_workers(request):
    """Sweep the file store only when the databases go.

    After each class, core sweeps it of what its own database does not know; parallel workers have a database each but
    one file store, and would sweep away each other's attachments.
    """
    with _left_alone() if request.config.getoption("--odoo-database", None) else nullcontext():
        yield


@pytest.fixture(scope="session", autouse=True)
def code_is_no_garbage(request):
    """Keep the garbage collector away from Odoo's modules and registry, which live as long as the process."""
    if request.config.getoption("--odoo-database", None):
        request.getfixturevalue("load_registry")
    gc.collect()
    gc.freeze()


def _left_alone():
    from odoo.tests.common import TransactionCase

    return patch.object(TransactionCase, "_gc_filestore")
