from datetime import timedelta

import numpy as np

from odoo import api, fields, models
from odoo.tools import format_date

from ..calc.score import ScoreModel, backtest_scores, fit_score, reliability
from ..calc.score_reading import mean_gap, overall
from ..calc.score_weights import Weights
from .share_format import format_share

# Foretelling six months of invoices again takes longer than scoring: not every night.
CALIBRATION_AGE = timedelta(days=7)
CALIBRATION_DAYS = 180
# So many customers, with all their invoices, tell how right the probabilities are.
CALIBRATION_DEBTORS = 5_000
# Fewer invoices foretold say nothing about the scores.
ENOUGH_INVOICES = 100
# Shares that are this far apart, on average, are no longer called alike.
CLOSE = 0.05


class CollectionScoreModel(models.Model):
    """What a company's scores have learned from its own past, and how right they have been: one row a company."""

    _name = "collection.score.model"
    _description = "Model of the Scores"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade", readonly=True)
    learned_on = fields.Date(readonly=True, help="Last day that was known when the weights were worked out.")
    threshold = fields.Integer(
        string="Late beyond (days)", readonly=True, help="Days after the due date up to which a payment is in time."
    )
    instalment_count = fields.Integer(string="Instalments learned from", readonly=True, aggregator=None)
    weights = fields.Json(readonly=True)
    calibrated_on = fields.Date(readonly=True)
    # [[foretold, observed, number]]: of the invoices foretold to be late with about that probability, how many were.
    bins = fields.Json(string="Foretold and observed", readonly=True)
    calibration_text = fields.Text(string="How right they are", compute="_compute_calibration")
    calibration_page = fields.Json(string="Calibration", compute="_compute_calibration")

    _company_unique = models.UniqueIndex("(company_id)", "A company has one model of its scores.")

    # -- learning ------------------------------------------------------------------------------------------------------

    @api.model
    def _learn(self, company, history, incidents):
        """The ``ScoreModel`` that the company's ``history`` teaches, and which is kept."""
        model = fit_score(history, incidents, company.collection_score_threshold)
        self._get_for_company(company).write(
            {
                "learned_on": history.as_of,
                "threshold": model.threshold,
                "instalment_count": len(history),
                "weights": {
                    "factors": [round(float(weight), 6) for weight in model.weights.factors],
                    "above": model.weights.above,
                    "below": model.weights.below,
                },
            }
        )
        return model

    @api.model
    def _get_for_company(self, company):
        return self.search([("company_id", "=", company.id)]) or self.create({"company_id": company.id})

    @api.model
    def _calibrate_if_due(self, company, history, incidents):
        """Once a week, compare what scores would have foretold of the company's past invoices with what came."""
        kept = self._get_for_company(company)
        done = kept.calibrated_on
        if not done or not done <= history.as_of < done + CALIBRATION_AGE:
            kept._calibrate(history.sample(CALIBRATION_DEBTORS), incidents)

    def _calibrate(self, history, incidents):
        """Foretell the invoices of the last six months again with what was known before each, and compare."""
        foretold, late = backtest_scores(history, incidents, self.threshold, days=CALIBRATION_DAYS)
        found = reliability(foretold, late)
        columns = (np.round(found.foretold, 4), np.round(found.observed, 4), found.number)
        self.write(
            {
                "calibrated_on": history.as_of,
                "bins": [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)],
            }
        )

    def _get_score_model(self):
        """The ``ScoreModel`` as it was kept."""
        self.ensure_one()
        kept = self.weights
        return ScoreModel(Weights(np.array(kept["factors"]), kept["above"], kept["below"]), self.threshold)

    # -- showing -------------------------------------------------------------------------------------------------------

    @api.depends("bins", "calibrated_on")
    @api.depends_context("lang")
    def _compute_calibration(self):
        for model in self:
            model.calibration_text = model._describe_calibration()
            model.calibration_page = {
                "text": model.calibration_text,
                "bins": [model._describe_bin(*row) for row in model.bins or []],
            }

    def _describe_calibration(self):
        """Sentences: how many invoices were foretold, how many of them late, and whether the shares are alike."""
        if not self.calibrated_on:
            return self.env._("The scores have not been compared with the past yet: they are, every week.")
        bins = self.bins or []
        number = sum(row[2] for row in bins)
        if number < ENOUGH_INVOICES:
            return self.env._(
                "Too little data: %(number)s invoices of the last six months have an outcome, %(enough)s are needed to "
                "say how right the scores are.",
                number=number,
                enough=ENOUGH_INVOICES,
            )
        foretold, observed, _number = overall(bins)
        gap = mean_gap(bins)
        verdict = (
            self.env._("The probabilities can be taken at their word.")
            if gap <= CLOSE
            else self.env._("Take the order of the customers at its word, not the probabilities.")
        )
        return self.env._(
            "Of the %(number)s invoices of the six months before %(date)s, %(foretold)s were foretold to be late when "
            "they were issued, and %(observed)s were. Bar by bar, what was foretold and what came are %(gap)s points "
            "apart on average. %(verdict)s",
            number=number,
            date=format_date(self.env, self.calibrated_on),
            foretold=self._format_share(foretold),
            observed=self._format_share(observed),
            gap=round(100 * gap),
            verdict=verdict,
        )

    def _describe_bin(self, foretold, observed, number):
        return {
            "foretold": round(100 * foretold, 1),
            "observed": round(100 * observed, 1),
            "number": number,
            "foretold_text": self._format_share(foretold),
            "observed_text": self._format_share(observed),
        }

    @api.model
    def _format_share(self, share):
        return format_share(self.env, share)

    @api.model
    def action_open_calibration(self):
        """The calibration of the current company's scores, or of all those the user may see."""
        models_seen = self.search([])
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_score_model")
        if len(models_seen) != 1:
            return action
        return {**action, "res_id": models_seen.id, "view_mode": "form", "views": [(False, "form")]}
