from odoo import api, fields, models


class CollectionRun(models.Model):
    """What the page of a run shows, and where its buttons lead."""

    _inherit = "collection.run"

    to_send_count = fields.Integer(string="To send", compute="_compute_progress")
    progress_text = fields.Char(string="Progress", compute="_compute_progress")

    @api.depends("reminder_ids.state")
    @api.depends_context("lang")
    def _compute_progress(self):
        labels = dict(self.env["collection.reminder"]._fields["state"]._description_selection(self.env))
        groups = self.env["collection.reminder"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        for run in self:
            counts = {state: count for group_run, state, count in groups if group_run == run}
            run.to_send_count = counts.get("approved", 0)
            run.progress_text = " · ".join(
                self.env._("%(label)s: %(value)s", label=label, value=counts[state])
                for state, label in labels.items()
                if state in counts
            )

    def action_open_to_approve(self):
        """The reminders of the run that wait for approval."""
        return {
            **self.action_open_reminders(),
            "context": {"search_default_to_approve": 1, "search_default_group_level": 1},
        }


class CollectionRunCount(models.Model):
    _inherit = "collection.run.count"

    def action_open(self):
        """The decisions behind the number."""
        self.ensure_one()
        domain = [
            ("run_id", "=", self.run_id.id),
            ("decision", "=", self.decision),
            ("plan_id", "=", self.plan_id.id),
            ("currency_id", "=", self.currency_id.id),
        ]
        if self.decision in ("level", "waiting"):
            domain.append(("level_id", "=", self.level_id.id))
        return {**self.run_id.action_open_snapshot(), "domain": domain, "context": {}}
