"""Collectors, a manager and customers of each, for tests of who follows whom."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import CollectionCase, day

GROUP = "credit_collection.group_collection_"


class PortfolioCase(CollectionCase):
    """Sophie and Karim collect, Hélène manages, an auditor reads; customers are 45 days late unless said otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan()
        cls.sophie = cls.make_user("sophie", "collector")
        cls.karim = cls.make_user("karim", "collector")
        cls.helene = cls.make_user("helene", "manager")
        cls.auditor = cls.make_user("auditor", "reader")

    @classmethod
    def make_user(cls, login, right, *groups):
        return new_test_user(
            cls.env,
            login,
            ",".join(("base.group_user", "base.group_allow_export", f"{GROUP}{right}", *groups)),
            name=login.capitalize(),
        )

    @classmethod
    def make_debtor(cls, name, amount=1000, late=45, user=None, **partner):
        """A debtor with one invoice, followed by ``user``."""
        customer = cls.make_partner(name, **partner)
        cls.make_invoice(customer, amount, due=day(-late))
        debtor = cls.debtor_of(customer)
        if user:
            debtor.user_id = user
        return debtor

    @classmethod
    def refresh(cls):
        """What the night refreshes."""
        cls.env["collection.debtor"]._refresh_figures(cls.company)

    def assert_forbidden(self, action, *args):
        """The action is refused, and nothing of it stays."""
        loggers = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")
        with mute_logger(*loggers), self.assertRaises(AccessError), self.env.cr.savepoint():
            action(*args)
