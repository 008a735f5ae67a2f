from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CollectionDebtorFilter(models.AbstractModel):
    """Something made for the debtors that meet a filter: it is checked when it is saved, and searched fast.

    The filter uses stored fields alone, so that millions of items are decided in one query.
    """

    _name = "collection.debtor.filter"
    _description = "Filter of Debtors"

    domain = fields.Char(string="Debtors", default="[]", required=True)

    @api.constrains("domain")
    def _check_domain(self):
        for record in self:
            try:
                domain = record._get_debtor_domain()
                domain.validate(self.env["collection.debtor"])
                self.env["collection.debtor"].search(domain, limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The filter of “%(name)s” is not valid: %(error)s", name=record.display_name, error=error
                    )
                ) from error
            for condition in domain.iter_conditions():
                record._check_stored(condition.field_expr)

    def _check_stored(self, path):
        """Raise where a field on the path ("partner_id.country_id") is computed each time it is read."""
        self.ensure_one()
        model = self.env["collection.debtor"]
        for name in path.split("."):
            # A property of a date ("month_number") or of an object is read from the field before it.
            field = model._fields.get(name)
            if field is None:
                return
            if not field.store and name != "id":
                raise ValidationError(
                    self.env._(
                        "The filter of “%(name)s” uses “%(field)s”, which cannot be searched fast enough. "
                        "Choose another field.",
                        name=self.display_name,
                        field=field.string,
                    )
                )
            model = self.env[field.comodel_name] if field.relational else model

    def _get_debtor_domain(self):
        """Domain over ``collection.debtor`` of those it is made for. Raises what a filter that is broken raises."""
        self.ensure_one()
        return Domain(literal_eval(self.domain or "[]"))

    def _search_debtors(self, among=None):
        """Query of the debtors (``among`` some), archived ones too; None if the filter no longer works."""
        debtors = self.env["collection.debtor"].with_context(active_test=False)
        limits = Domain.TRUE if among is None else Domain("id", "in", among.ids)
        try:
            return debtors._search(self._get_debtor_domain() & limits)
        except (SyntaxError, ValueError, TypeError, KeyError, AttributeError):
            # Checked when it was saved, it may still name a field of an add-on uninstalled since.
            return None
