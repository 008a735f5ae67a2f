from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..calc.call_script import fill

CELL = "text-nowrap"
PAST_CALLS_SHOWN = 10


class CollectionCall(models.Model):
    """What stands on the screen of a call: whom to ask for, what to say, what is owed, what was said before."""

    _inherit = "collection.call"

    debtor_partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer’s company")
    contact_ids = fields.Many2many("res.partner", string="Whom to call", compute="_compute_contacts")
    wrong_phone_info = fields.Char(compute="_compute_wrong_phone_info")
    script = fields.Html(string="What to say", compute="_compute_script", sanitize=False)
    items_table = fields.Html(string="What is open", compute="_compute_items_table", sanitize=False)
    past_call_ids = fields.Many2many("collection.call", string="Past calls", compute="_compute_past_calls")
    debtor_note = fields.Html(related="debtor_id.note", string="Notes on the customer")

    @api.depends("debtor_id")
    def _compute_contacts(self):
        for call in self:
            call.contact_ids = call.debtor_id._find_callable_contacts() if call.debtor_id else False

    @api.depends("partner_id", "phone")
    def _compute_wrong_phone_info(self):
        for call in self:
            partner = call.partner_id
            call.wrong_phone_info = (
                self.env._(
                    "This number was found to be wrong on %s.", format_date(self.env, partner.collection_wrong_phone_on)
                )
                if partner._has_wrong_phone() and call.phone == partner.phone
                else False
            )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        self.phone = self.partner_id.phone

    @api.depends("debtor_id")
    def _compute_past_calls(self):
        for call in self:
            call.past_call_ids = self.search(
                [("debtor_id", "=", call.debtor_id.id), ("id", "!=", call._origin.id)], limit=PAST_CALLS_SHOWN
            )

    # -- what to say ---------------------------------------------------------------------------------------------------

    @api.depends("level_id", "debtor_id", "partner_id")
    def _compute_script(self):
        for call in self:
            call.script = call._build_script()

    def _build_script(self):
        """The script of the level in the debtor's language, its placeholders replaced by escaped text."""
        if not self.debtor_id or not self.level_id:
            return False
        debtor = self.debtor_id
        lang = debtor._get_call_lang()
        script = self.level_id.with_context(lang=lang).call_script
        if not script:
            return False
        return Markup(fill(str(script), debtor.with_context(lang=lang)._get_call_figures(self.partner_id)))

    # -- what is owed --------------------------------------------------------------------------------------------------

    @api.depends("debtor_id", "item_ids")
    def _compute_items_table(self):
        for call in self:
            call.items_table = call._build_items_table() if call.debtor_id else False

    def _build_items_table(self):
        """The debtor's open items with what is decided of each now; those talked about stand out."""
        decisions = self.debtor_id._read_decisions().sorted(lambda decision: (decision.due_date, decision.id))
        head = [
            self.env._("Invoice"),
            self.env._("Due date"),
            self.env._("Days late"),
            self.env._("Open"),
            self.env._("Claimed"),
            self.env._("Decision"),
        ]
        labels = dict(decisions._fields["decision"]._description_selection(self.env))
        chosen = set(self.item_ids._origin.move_line_id.ids)
        rows = Markup("").join(
            self._build_items_row(decision, labels, decision.move_line_id.id in chosen) for decision in decisions
        )
        return Markup('<table class="table table-sm"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>') % (
            Markup("").join(
                Markup('<th class="%s">%s</th>') % ("text-end" if 2 <= rank <= 4 else "", label)
                for rank, label in enumerate(head)
            ),
            rows,
        )

    def _build_items_row(self, decision, labels, chosen):
        cells = [
            (decision.move_name or "/", ""),
            (format_date(self.env, decision.due_date), CELL),
            (str(decision.days_late) if decision.days_late > 0 else self.env._("to come"), "text-end"),
            (format_amount(self.env, decision.residual, decision.currency_id), f"text-end {CELL}"),
            (format_amount(self.env, decision.claim, decision.currency_id), f"text-end {CELL}"),
            (labels[decision.decision], ""),
        ]
        body = Markup("").join(Markup('<td class="%s">%s</td>') % (css, text) for text, css in cells)
        return Markup('<tr class="%s">%s</tr>') % ("fw-bold" if chosen else "", body)
