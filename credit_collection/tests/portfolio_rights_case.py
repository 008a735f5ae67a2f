"""A collector limited to his portfolio, and everything of a colleague's that he must not see."""

from contextlib import suppress

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tools import mute_logger

from .common import day
from .portfolio_case import PortfolioCase

# Stands in the name and the invoices of the customer that is nobody else's business.
SECRET = "Zyxwvut"
REFUSALS = (AccessError, MissingError, UserError, ValidationError)
LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models", "odoo.sql_db")


class PortfolioRightsCase(PortfolioCase):
    """Sophie is limited to her own debtors; what she must not see is Karim's, and has a secret in its name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_own_debtors_only = True
        cls.links = {}
        cls.mine = cls.make_debtor("Durand", user=cls.sophie)
        cls.theirs = cls.make_debtor(SECRET, 7777.77, user=cls.karim)
        cls.move = cls.env["account.move"].search([("partner_id", "=", cls.theirs.partner_id.id)])
        cls.make_history()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def make_history(cls):
        """Something of Karim's in every table that a debtor fills."""
        cls.reminder = cls.plan_run().reminder_ids.filtered(lambda reminder: reminder.debtor_id == cls.theirs)
        cls.hand_over(cls.reminder)
        cls.item = cls.reminder.line_ids.item_id
        cls.theirs.write({"pause_until": day(5), "pause_reason": SECRET})
        cls.theirs.with_user(cls.karim)._put_off(day(3))
        cls.env["collection.interest.waiver"]._waive(cls.item, "both", False, SECRET)
        cls.theirs.message_post(body=SECRET)
        cls.activity = cls.theirs.activity_schedule(
            "mail.mail_activity_data_call", summary=SECRET, user_id=cls.karim.id
        )

    # -- models --------------------------------------------------------------------------------------------------------

    @classmethod
    def get_models(cls, transient=False):
        """Names of collection's own models."""
        return [
            name
            for name in cls.env
            if name.startswith("collection.") and not cls.env[name]._abstract and cls.env[name]._transient == transient
        ]

    @classmethod
    def get_links(cls, model, deep=3):
        """Fields of a model that lead to a debtor, by at most so many steps."""
        if (model, deep) not in cls.links:
            cls.links[model, deep] = cls.find_links(model, deep) if deep else []
        return cls.links[model, deep]

    @classmethod
    def find_links(cls, model, deep):
        return [
            name
            for name, field in cls.env[model]._fields.items()
            if field.type == "many2one"
            and (
                field.comodel_name == "collection.debtor"
                or (
                    field.comodel_name.startswith("collection.")
                    and field.comodel_name != model
                    and cls.get_links(field.comodel_name, deep - 1)
                )
            )
        ]

    @classmethod
    def get_linked_models(cls):
        """Names of the models whose records are about a debtor."""
        return ["collection.debtor", *(name for name in cls.get_models() if cls.get_links(name))]

    def get_rules(self, model):
        return self.env["ir.rule"].search([("model_id.model", "=", model)])

    @classmethod
    def find_theirs(cls, model):
        """Records of a model about Karim's debtor."""
        Model = cls.env[model].with_context(collection_debtor_ids=None)
        if model == "collection.debtor":
            return cls.theirs
        found = Model.browse()
        for name in cls.get_links(model):
            comodel = cls.env[model]._fields[name].comodel_name
            owners = cls.theirs if comodel == "collection.debtor" else cls.find_theirs(comodel)
            if owners:
                with suppress(ValueError, NotImplementedError):
                    found |= Model.search([(name, "in", owners.ids)])
        return found

    def refused(self, action):
        """Whether the action is refused; nothing of it stays."""
        with mute_logger(*LOGGERS):
            try:
                with self.env.cr.savepoint():
                    action()
            except REFUSALS:
                return True
        return False
