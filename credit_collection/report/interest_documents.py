from odoo import models


class CollectionInterestDocuments(models.AbstractModel):
    """Records from which the computation of interest is printed: as PDF and as a workbook."""

    _name = "collection.interest.documents"
    _description = "Documents of a Computation of Interest"

    def _get_interest_computation(self):
        """(debtor, {journal item: InterestClaim}, last day) in the language of the context. Override."""
        raise NotImplementedError

    def _get_interest_lang(self):
        """Language of the customer who reads it."""
        debtor = self._get_interest_debtor()
        return debtor.partner_id.lang or debtor.company_id.partner_id.lang or self.env.lang

    def _get_interest_debtor(self):
        return self.debtor_id

    def _render_interest_statement(self):
        """PDF of the computation of interest, in the customer's language."""
        self.ensure_one()
        self.check_access("read")
        translated = self.with_context(lang=self._get_interest_lang())
        return translated.env["collection.interest"]._render_interest_statement(
            *translated._get_interest_computation(), **translated._get_interest_options()
        )

    def _print_interest_statement(self):
        """The same as a document of its own."""
        return self.with_context(collection_numbered=True)._render_interest_statement()

    def _get_interest_options(self):
        """What the document has beside the computation: keywords of its renderer."""
        return {}

    def _render_interest_workbook(self):
        """XLSX of the same computation."""
        self.ensure_one()
        self.check_access("read")
        translated = self.with_context(lang=self._get_interest_lang())
        return translated.env["collection.interest"]._write_interest_workbook(*translated._get_interest_computation())

    def action_interest_workbook(self):
        """Download of the workbook."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/collection/interest/{self._name}/{self.id}",
            "target": "self",
        }


class CollectionDebtor(models.Model):
    _name = "collection.debtor"
    _inherit = ["collection.debtor", "collection.interest.documents"]

    def _get_interest_debtor(self):
        return self

    def _get_interest_computation(self):
        until = self.company_id._get_collection_today()
        # Whoever may read the customer may know what it owes, whatever of the ledger he may read.
        lines = self.sudo()._read_late_decisions().move_line_id
        return self, self.env["collection.interest"]._compute_for_lines(lines, until), until


class CollectionItem(models.Model):
    _name = "collection.item"
    _inherit = ["collection.item", "collection.interest.documents"]

    def _get_interest_computation(self):
        until = self.company_id._get_collection_today()
        # As above.
        lines = self.sudo().move_line_id
        return self.debtor_id, self.env["collection.interest"]._compute_for_lines(lines, until), until


class CollectionReminder(models.Model):
    """The computation of what a reminder claims, up to the day that it counted to."""

    _name = "collection.reminder"
    _inherit = ["collection.reminder", "collection.interest.documents"]

    def _get_interest_computation(self):
        lines = self._get_demanded_lines()
        until = max(filter(None, lines.mapped("interest_until")), default=None)
        until = until or self.sent_date or self.company_id._get_collection_today()
        # What was invoiced or waived after it left changes nothing to what it claimed.
        interest = self.env["collection.interest"].with_context(collection_interest_as_of=self.sent_date or None)
        # The customer's own invoices: whoever may write to him may quote them.
        return self.debtor_id, interest._compute_for_lines(lines.item_id.sudo().move_line_id, until), until

    def _get_interest_options(self):
        """Enclosed with a letter, its pages are numbered by the letter."""
        return {
            "is_numbered": bool(self.env.context.get("collection_numbered")),
            "notes": tuple(self._describe_later_changes()),
        }

    def _describe_later_changes(self):
        """Where the ledger has changed since the reminder left: what it claimed, beside what is computed now."""
        _debtor, claims, _until = self._get_interest_computation()
        for line in self._get_demanded_lines():
            # Only which line it is: what it says was read with the reader's own rights.
            claim = claims.get(line.item_id.sudo().move_line_id)
            if claim and line.currency_id.compare_amounts(float(claim.interest), line.interest):
                yield self.env._(
                    "%(number)s: the account has changed since; the letter claimed %(amount)s of interest.",
                    number=line.name,
                    amount=self._format_amount(line.interest, line.currency_id),
                )


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_collection_renderer(self, report_ref):
        """Add the computations of interest."""
        if self._get_report(report_ref).report_name.startswith("credit_collection.interest_statement_"):
            return "_print_interest_statement"
        return super()._get_collection_renderer(report_ref)
