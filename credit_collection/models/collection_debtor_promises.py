import logging
from functools import partial

from odoo import models
from odoo.service.model import retrying

_logger = logging.getLogger(__name__)


class CollectionDebtor(models.Model):
    """What a customer has promised to pay."""

    _inherit = "collection.debtor"

    def _refresh_promises(self):
        """Find out now what has become of the promises of these debtors."""
        for _company, debtors in self.grouped("company_id").items():
            self.env["collection.promise"]._refresh_outcomes(debtors)

    def _refresh_promises_apart(self):
        """Those of a batch together, else one debtor after the other: a bad one does not stop the rest."""
        try:
            retrying(partial(self._refresh_promises), self.env)
        except Exception:
            self.env.cr.rollback()
            if len(self) > 1:
                for debtor in self:
                    debtor._refresh_promises_apart()
            else:
                _logger.exception("Promises of debtor %s cannot be read", self.id)

    def _message_post_after_hook(self, message, msg_values):
        """A message that confirms a promise has gone to the customer: say so on the promise."""
        promise = self.env["collection.promise"].browse(self.env.context.get("collection_confirmed_promise_id"))
        if promise and message.partner_ids and promise.exists().debtor_id == self:
            promise.check_access("write")
            # The program's own note of what was just sent.
            promise.sudo().confirmed_on = self.company_id._get_collection_today()
        return super()._message_post_after_hook(message, msg_values)
