from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.collection_delivery_registered import RETURNED_STATES

# What a phone or a scanner makes; nothing that a browser runs.
PROOF_TYPES = {b"%PDF-": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MAXIMUM_PROOF_BYTES = 20_000_000


class CollectionLetterOutcome(models.TransientModel):
    """What the post has done with registered letters, and the paper that proves it."""

    _name = "collection.letter.outcome"
    _description = "Outcome of Registered Letters"

    delivery_ids = fields.Many2many("collection.delivery", string="Letters", required=True)
    letter_count = fields.Integer(string="Letters chosen", compute="_compute_letter_count")
    deposit_state = fields.Selection(
        selection="_selection_deposit_state", string="What happened", required=True, default="presented"
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._get_collection_today())
    presented_on = fields.Date(string="First presented on", help="As stamped on the receipt or the envelope.")
    proof = fields.Binary(string="Receipt or envelope", attachment=False)
    proof_name = fields.Char()

    @api.model
    def _selection_deposit_state(self):
        field = self.env["collection.delivery"]._fields["deposit_state"]
        return [option for option in field._description_selection(self.env) if option[0] != "to_post"]

    @api.depends("delivery_ids")
    def _compute_letter_count(self):
        for outcome in self:
            outcome.letter_count = len(outcome.delivery_ids)

    def action_record(self):
        """Record it on each letter and its customer's timeline, the proof kept with it."""
        self.ensure_one()
        content, mimetype = self._read_proof()
        self.delivery_ids.check_access("write")
        if content:
            kind = self._get_proof_kind()
            self.delivery_ids._keep_proof(kind, (self.proof_name or kind)[:200], content, mimetype)
        self.delivery_ids._record_deposit_state(self.deposit_state, self.date, self.presented_on)
        return {"type": "ir.actions.act_window_close"}

    def _get_proof_kind(self):
        if self.deposit_state in RETURNED_STATES:
            return "returned"
        return "deposit_proof" if self.deposit_state == "deposited" else "receipt"

    def _read_proof(self):
        """(bytes, mimetype) of the proof; nothing if there is none. Raises UserError for what is no picture or PDF."""
        content = b64decode(self.with_context(bin_size=False).proof or b"")
        if not content:
            return None, None
        if len(self.delivery_ids) > 1:
            raise UserError(self.env._("A receipt or an envelope belongs to one letter: record them one by one."))
        mimetype = next((found for start, found in PROOF_TYPES.items() if content.startswith(start)), None)
        if not mimetype or len(content) > MAXIMUM_PROOF_BYTES:
            raise UserError(self.env._("A proof is a PDF or a picture (JPEG, PNG) of 20 MB at most."))
        return content, mimetype
