from odoo import models
from odoo.fields import Command


class CollectionDebtor(models.Model):
    """The dialogs in which a person notes something about a debtor."""

    _inherit = "collection.debtor"

    def _open_new(self, model, name, items=None, view=None, large=False, **defaults):
        """Dialog called ``name`` that makes a record of ``model`` about the debtor, and about ``items`` if there are.

        ``view`` names its form where it is not the model's first one; each of ``defaults`` is a field of the record.
        """
        defaults = {
            "debtor_id": self.id,
            **({} if items is None else {"item_ids": [Command.set(items.ids)]}),
            **defaults,
        }
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(view and self.env.ref(f"credit_collection.{view}").id, "form")],
            "target": "new",
            "context": {
                **({"dialog_size": "extra-large"} if large else {}),
                **{f"default_{field}": value for field, value in defaults.items()},
            },
        }
