from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .letter.score_sheet import Row, ScoreSheet, Section, render_score_sheet, texts_of

# Scores of the past on the sheet: about a year of those that change weekly.
MOST_SCORES = 24


class CollectionDebtor(models.Model):
    """The score sheet of a customer, for the file or the credit committee: in the reader's language."""

    _inherit = "collection.debtor"

    def _render_score_sheet(self):
        """PDF of the score and of why it is what it is. Raises UserError when a character cannot be printed."""
        self.ensure_one()
        fonts = self.company_id._get_letter_fonts()
        sheet = self._prepare_score_sheet()
        if obstacle := self.company_id._describe_gaps(fonts.gaps("\n".join(texts_of(sheet)))):
            raise UserError(obstacle)
        return render_score_sheet(sheet, fonts)

    def _prepare_score_sheet(self):
        """The sheet as plain values. Override to change what it says."""
        # The letterhead is public, whoever prints it.
        company = self.company_id.sudo()
        is_scored = bool(self.score_date)
        label = self._get_class_labels().get(self.score_class)
        return ScoreSheet(
            title=self.env._("Score of a customer"),
            sender=company.name,
            date=self.env._("Drawn up on %s", company._format_letter_date(company._get_collection_today())),
            customer=self.display_name,
            score=str(self.score) if is_scored else "",
            score_class=self.env._("Class %s", label) if label else self.env._("No class"),
            sections=tuple(self._prepare_score_sections()),
            page=self.env._("Page"),
            accent=company._prepare_letter_sender(self.partner_id).accent,
            language=(self.env.lang or "fr_FR").replace("_", "-"),
        )

    def _prepare_score_sections(self):
        if self.score_override:
            yield Section(self.env._("Class set by a person"), notes=(self._describe_override(),))
        if not self.score_date:
            yield Section(self.env._("Why there is no score"), notes=(self._describe_no_score(),))
            return
        yield Section(self.env._("What it says"), notes=(self._describe_risk(), self._describe_score_basis()))
        yield Section(
            self.env._("What takes points from it, or gives it some"),
            rows=tuple(
                Row(factor["points_text"], factor["words"], factor["points"]) for factor in self._get_score_factors()
            ),
            notes=(
                self.env._(
                    "Each number is the score as it is less what it would be without that factor; they do not add up."
                ),
            ),
        )
        if past := self.score_ids[:MOST_SCORES]:
            yield Section(
                self.env._("So far"),
                rows=tuple(
                    Row(str(score.score), f"{score.score_class} – {format_date(self.env, score.date)}")
                    for score in past
                ),
            )
        yield Section(self.env._("How right such scores have been"), notes=(self._describe_calibration(),))
        yield Section(
            self.env._("What it is not for"),
            notes=(
                self.env._(
                    "A score advises. Nobody is blocked, served a formal notice or sued because of it alone: a person "
                    "decides."
                ),
            ),
        )

    def _describe_calibration(self):
        # How right a company's scores are is no secret to who reads one.
        model = self.env["collection.score.model"].sudo().search([("company_id", "=", self.company_id.id)])
        return model.calibration_text or self.env["collection.score.model"].new({})._describe_calibration()


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_collection_renderer(self, report_ref):
        """Add the score sheet."""
        if self._get_report(report_ref).report_name == "credit_collection.score_sheet":
            return "_render_score_sheet"
        return super()._get_collection_renderer(report_ref)
