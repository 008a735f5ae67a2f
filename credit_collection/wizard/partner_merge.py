from odoo import models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        self._merge_debtors(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _merge_debtors(self, src_partners, dst_partner):
        """Bring debtors of merged partners together, before core's update meets their unique index and deletes one."""
        # Merging contacts is a right of its own; what collection knows must follow whoever has it.
        debtors = self.env["collection.debtor"].sudo().with_context(active_test=False)
        for kept in debtors.search([("partner_id", "=", dst_partner.id)]):
            merged = debtors.search([("partner_id", "in", src_partners.ids), ("company_id", "=", kept.company_id.id)])
            if merged:
                kept._absorb(merged)
        # Several sources and no debtor at the destination: the first takes the others in.
        for same_company in debtors.search([("partner_id", "in", src_partners.ids)]).grouped("company_id").values():
            same_company[0]._absorb(same_company[1:])


class CollectionDebtor(models.Model):
    _inherit = "collection.debtor"

    def _get_tables_of_debtors(self):
        """Tables whose rows follow their debtor to the one that takes it in: they hold it back, or are its past."""
        return [
            model._table
            for model in self.env.registry.values()
            if model._auto
            and not model._abstract
            and (field := model._fields.get("debtor_id"))
            and field.comodel_name == self._name
            and field.store
            and (field.ondelete == "restrict" or model._name == "collection.payment.history")
        ]

    def _absorb(self, others):
        """Take over all that hangs on other debtors, then delete them; the timeline says so."""
        self.ensure_one()
        if not others:
            return
        self.env.flush_all()
        for table in self._get_tables_of_debtors():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET debtor_id = %s WHERE debtor_id IN %s",
                    SQL.identifier(table),
                    self.id,
                    tuple(others.ids),
                )
            )
        for table, model_column in (
            ("mail_message", "model"),
            ("mail_activity", "res_model"),
            ("ir_attachment", "res_model"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET res_id = %s WHERE %s = %s AND res_id IN %s",
                    SQL.identifier(table),
                    self.id,
                    SQL.identifier(model_column),
                    self._name,
                    tuple(others.ids),
                )
            )
        self.env.invalidate_all()
        self.message_post(body=self.env._("Merged with %s.", ", ".join(others.mapped("display_name"))))
        self.last_reminder_date = max(filter(None, (self | others).mapped("last_reminder_date")), default=False)
        others.unlink()
