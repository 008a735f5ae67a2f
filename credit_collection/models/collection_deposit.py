from odoo import api, fields, models
from odoo.exceptions import UserError


class CollectionDeposit(models.Model):
    """Registered letters brought to the post together: printed in one go, with the slip that lists them."""

    _name = "collection.deposit"
    _description = "Deposit of Registered Letters"
    _order = "date desc, id desc"
    _rec_name = "name"

    name = fields.Char(string="Number", compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict", index=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        [("prepared", "Prepared"), ("deposited", "Took place")], default="prepared", required=True, readonly=True
    )
    delivery_ids = fields.One2many("collection.delivery", "deposit_id", string="Letters", readonly=True)
    document_ids = fields.One2many("collection.document", "deposit_id", string="Kept Documents", readonly=True)
    letter_count = fields.Integer(string="Letters in the Deposit", compute="_compute_counts")
    numbered_count = fields.Integer(string="Letters with a Number", compute="_compute_counts")

    def _compute_name(self):
        for deposit in self:
            deposit.name = f"D{deposit.id:06d}" if deposit.id else "/"

    @api.depends("delivery_ids.tracking_number")
    def _compute_counts(self):
        for deposit in self:
            deposit.letter_count = len(deposit.delivery_ids)
            deposit.numbered_count = len(deposit.delivery_ids.filtered("tracking_number"))

    def write(self, vals):
        """Refuse to change a deposit that took place."""
        if not self.env.su and any(deposit.state == "deposited" for deposit in self):
            raise UserError(self.env._("This deposit took place: it stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_deposited(self):
        if any(deposit.state == "deposited" for deposit in self):
            raise UserError(self.env._("This deposit took place: it stays as it is."))

    # -- preparing -----------------------------------------------------------------------------------------------------

    @api.model
    def _prepare_from(self, deliveries):
        """One deposit a company, of registered letters to be posted. Raises UserError when there is none."""
        letters = deliveries.filtered(
            lambda delivery: delivery.channel == "registered" and delivery.state == "to_post" and delivery.attachment_id
        )
        if not letters:
            raise UserError(
                self.env._("Choose registered letters to be posted: the outbox makes them when it is processed.")
            )
        deposits = self.browse()
        for company, group in letters.grouped("company_id").items():
            deposit = self.create({"company_id": company.id, "date": company._get_collection_today()})
            group._write_deposit({"deposit_id": deposit.id})
            deposits += deposit
        return deposits

    def _get_letters(self):
        """Letters of the deposit in the order in which they are printed and listed."""
        self.ensure_one()
        by_reminder = self.delivery_ids.grouped("reminder_id")
        ordered = self.delivery_ids.reminder_id._sort_for_the_post()
        return self.delivery_ids.browse().union(*(by_reminder[reminder] for reminder in ordered))

    # -- buttons -------------------------------------------------------------------------------------------------------

    def action_print(self):
        """One PDF: the slip, then the letters in its order."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/collection/deposit/{self.id}", "target": "new"}

    def action_enter_numbers(self):
        """Give the letters their numbers, scanned in the order of the slip or from a file."""
        self.ensure_one()
        return self._get_letters().action_enter_numbers()

    def action_mark_deposited(self):
        """The post took the letters. Those whose amounts changed since printing are taken out, and off the slip."""
        self.ensure_one()
        self.check_access("write")
        if self.state == "deposited":
            raise UserError(self.env._("This deposit took place: it stays as it is."))
        if not self.delivery_ids:
            raise UserError(self.env._("There is no letter left in this deposit."))
        mine = [("deposit_id", "=", self.id)]
        # How many they are is no secret; what they say is.
        if self.env["collection.delivery"].sudo().search_count(mine) > self.delivery_ids.search_count(mine):
            raise UserError(self.env._("This deposit also holds letters of another collector: a manager records it."))
        answer = self.delivery_ids.action_mark_posted()
        left_out = self.delivery_ids.filtered(lambda delivery: delivery.state != "handed_over")
        left_out._write_deposit({"deposit_id": False})
        self.invalidate_recordset(["delivery_ids"])
        if self.delivery_ids:
            # The program's own record of what took place: nobody writes it afterwards.
            self.sudo().write({"state": "deposited", "date": self.company_id._get_collection_today()})
            self._keep_slip()
        return answer

    def action_verify(self):
        """Whether the slip and every letter of the deposit are still as they were."""
        self.ensure_one()
        self.check_access("read")
        verdicts = self.document_ids._verify()
        for delivery in self._get_letters():
            verdicts += delivery._verify()
        if not verdicts:
            raise UserError(self.env._("Nothing was sent yet: documents are kept when they leave."))
        return self.env["collection.document"]._show_verdicts(verdicts)

    # -- the slip ------------------------------------------------------------------------------------------------------

    def _keep_slip(self):
        """Keep the slip as it was when the letters were deposited."""
        return self._keep_file("slip", self._get_slip_name(), self._render_slip())

    def _get_slip_name(self):
        return self.env._("deposit-slip-%s.pdf", self.name)

    def _keep_file(self, kind, name, content, mimetype="application/pdf"):
        """Keep a file of the deposit: its slip, or the slip stamped by the post."""
        self.ensure_one()
        attachment = self.env["collection.document"]._attach(self, name, content, mimetype)
        return self.env["collection.document"]._keep(self, kind, attachment, sent=True)
