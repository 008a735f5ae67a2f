from odoo import models
from odoo.fields import Command


class CollectionAgreement(models.Model):
    """What follows a revocation: dunning, straight to the formal notice where the company wants it."""

    _inherit = "collection.agreement"

    def _propose_formal_notice(self):
        """Reminders at the formal notice of the plan, to be approved, for what is claimed again; one a payee.

        Items that had one in their cycle are left where they stand, and so are those whose plan has none.
        """
        reminders = self.env["collection.reminder"]
        live = self.debtor_id._read_decisions().filtered(
            lambda decision: decision.item_id in self.item_ids and decision.claim > 0
        )
        for (plan, payee), decisions in live.grouped(lambda d: (d.plan_id, d.item_id._get_payee())).items():
            notice = plan.level_ids.filtered("is_formal_notice").sorted(lambda level: level._position_key())[:1]
            lines = [self._prepare_notice_line(decision, notice) for decision in decisions if notice]
            lines = [line for line in lines if not self._had_notice(line)]
            if lines:
                reminders |= reminders.create(
                    {
                        "debtor_id": self.debtor_id.id,
                        "level_id": notice.id,
                        "level_chosen": True,
                        "assignee_id": payee.id,
                        "date": self.company_id._get_collection_today(),
                        "line_ids": [Command.create(line) for line in lines],
                    }
                )
        return reminders

    def _prepare_notice_line(self, decision, notice):
        return {
            "item_id": decision.item_id.id,
            "level_id": notice.id,
            "cycle": decision.cycle,
            "due_date": decision.due_date,
            "days_late": decision.days_late,
            "residual": decision.residual,
            "claim": decision.claim,
        }

    def _had_notice(self, line):
        """Whether the item was reminded at this level in this cycle, or is about to be."""
        return bool(
            self.env["collection.reminder.line"].search_count(
                [
                    ("item_id", "=", line["item_id"]),
                    ("level_id", "=", line["level_id"]),
                    ("cycle", "=", line["cycle"]),
                    ("dropped", "=", False),
                ],
                limit=1,
            )
        )
