from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import pdf

from .letter.assembly import Enclosure, Unreadable, count_pages, picture_to_pdf


class CollectionAnnexes(models.AbstractModel):
    """Choice of what is enclosed with a letter: a level's, or one reminder's own."""

    _name = "collection.annexes"
    _description = "Enclosures of a Letter"

    annex_interest = fields.Boolean(string="Enclose the computation of interest")
    annex_statement = fields.Boolean(string="Enclose a statement of account")
    annex_invoices = fields.Boolean(string="Enclose copies of the invoices")
    annex_file_ids = fields.Many2many("ir.attachment", string="Other Documents", help="PDF files and pictures.")

    def _get_annex_makers(self):
        """{field that chooses an annex: method of the reminder that makes it}, in order. Override to add a kind."""
        return {
            "annex_interest": "_make_interest_annexes",
            "annex_statement": "_make_statement_annexes",
            "annex_invoices": "_make_invoice_annexes",
            "annex_file_ids": "_make_file_annexes",
        }

    @api.constrains("annex_file_ids")
    def _check_annex_files(self):
        for record in self:
            # A letter shows what its sender may see.
            record.annex_file_ids.check_access("read")
            for file in record.annex_file_ids:
                try:
                    file._to_annex()
                except UserError as error:
                    raise ValidationError(str(error)) from error


class CollectionLevel(models.Model):
    _name = "collection.level"
    _inherit = ["collection.level", "collection.annexes"]


class CollectionReminder(models.Model):
    """What is enclosed with a reminder's letter."""

    _name = "collection.reminder"
    _inherit = ["collection.reminder", "collection.annexes"]

    has_own_annexes = fields.Boolean(help="A person chose them; otherwise they are the level's.", readonly=True)

    def _get_annex_choice(self):
        """The record that says what is enclosed: the reminder, where a person chose for it, else its level."""
        return self if self.has_own_annexes else self.level_id

    def _choose_annexes(self, choice):
        """Enclose what ``choice`` says, {field: value}, whatever the level says."""
        self.write({**choice, "has_own_annexes": True})

    def _prepare_annexes(self):
        """[Enclosure] in the language of the context. Raises UserError for one that cannot be made."""
        self.ensure_one()
        choice = self._get_annex_choice()
        makers = choice._get_annex_makers()
        return [annex for field, method in makers.items() if choice[field] for annex in getattr(self, method)()]

    def _make_interest_annexes(self):
        """The computation of the interest claimed, where any is."""
        if not any(self._get_demanded_lines().mapped("interest")):
            return []
        return [Enclosure(self.env._("Computation of late-payment interest"), self._render_interest_statement())]

    def _make_statement_annexes(self):
        """The statement of account."""
        return [Enclosure(self.env._("Statement of account"), self.debtor_id._render_statement(is_numbered=False))]

    def _make_invoice_annexes(self):
        """Copies of the invoices claimed."""
        moves = self._get_moves_to_attach()
        copies = self._copy_invoices(moves)
        missing = moves.filtered(lambda move: move.id not in copies)
        if missing:
            raise UserError(self.env._("No copy of %s can be printed.", ", ".join(missing.mapped("name"))))
        return [Enclosure(self.env._("Copy of %s", move.name), copies[move.id][1]) for move in moves]

    def _make_file_annexes(self):
        """The documents that a person picked."""
        # Chosen by whoever may choose; printed by whoever may print the letter.
        files = self._get_annex_choice().sudo().annex_file_ids
        return [Enclosure(file.name, file._to_annex()) for file in files]


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _to_annex(self):
        """The document as PDF. Raises UserError for what is neither PDF nor picture, or cannot be read."""
        self.ensure_one()
        content = self.raw or b""
        try:
            if (self.mimetype or "").startswith("image/"):
                return picture_to_pdf(content)
            count_pages(content, pdf)
        except Unreadable as error:
            raise UserError(
                self.env._("“%s” cannot be enclosed: only PDF files without password and pictures can.", self.name)
            ) from error
        return content
