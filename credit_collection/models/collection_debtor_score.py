import json
from datetime import timedelta
from functools import partial

import numpy as np

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.service.model import retrying
from odoo.tools import SQL, split_every

from ..calc.score_evidence import FACTORS
from .collection_score import SCORE_CLASSES

MANAGER_GROUP = "credit_collection.group_collection_manager"
# What the program works out, and what only its own dialog sets.
PROGRAM_FIELDS = frozenset(
    {
        "score",
        "score_class",
        "score_found_class",
        "score_probability",
        "score_date",
        "score_factors",
        "score_override",
        "score_override_class",
        "score_override_reason",
        "score_override_until",
        "score_override_user_id",
    }
)
# Scores that have not changed are written again after this time only, with their factors of the day.
STAMP_AGE = timedelta(days=7)
# Debtors written in one transaction: the fewer, the rarer a sender at work on one of them.
BATCH_SIZE = 5000
# Weights in log-odds below this say nothing.
SMALLEST_WEIGHT = 0.05


class ScoreNumber(fields.Integer):
    """A whole number of which none is not zero: whoever has no score is not among those below 40."""

    falsy_value = None


class CollectionDebtor(models.Model):
    """How likely a customer is to pay in time, from what it did: a score, a class, and why.

    Worked out every night for all customers of a company at once, from what was known at the end of the day before
    (``calc/score.py``). It advises: nothing is blocked, sent or sued because of it, unless a plan that somebody wrote
    selects on it.
    """

    _inherit = "collection.debtor"

    score = ScoreNumber(
        readonly=True,
        copy=False,
        aggregator="avg",
        help="100 less the probability, in percent, that the next invoice is paid late. 100 is the best.",
    )
    score_class = fields.Selection(
        SCORE_CLASSES,
        string="Class",
        readonly=True,
        copy=False,
        index=True,
        help="Of the score, or set by a person; empty where the customer is not scored.",
    )
    score_found_class = fields.Selection(
        SCORE_CLASSES, string="Class of the score", readonly=True, copy=False, help="Whatever a person has set."
    )
    score_probability = fields.Float(
        string="Risk of late payment",
        digits=(16, 4),
        readonly=True,
        copy=False,
        aggregator=None,
        help="Probability that the next invoice is paid late.",
    )
    score_date = fields.Date(string="Scored as of", readonly=True, copy=False, help="Last day that was known.")
    score_factors = fields.Json(string="Why this score", readonly=True, copy=False)
    score_ids = fields.One2many("collection.score", "debtor_id", string="Scores so far")

    # -- who sets them -------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody types a score."""
        for vals in vals_list:
            self._check_score_not_typed(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Nobody types a score."""
        self._check_score_not_typed(vals)
        return super().write(vals)

    def _check_score_not_typed(self, vals):
        if PROGRAM_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("Scores are worked out from payments: to see it otherwise, set a class with its reason.")
            )

    # -- working them out ----------------------------------------------------------------------------------------------

    @api.model
    def _cron_score(self):
        """Score the customers of every company, committing by batches."""
        # The scheduler acts for all companies.
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        for left, company in reversed(list(enumerate(companies))):
            # The scheduler speaks no language: what it writes for people is in the company's.
            debtors = self.sudo().with_context(lang=company.partner_id.lang)
            as_of, rows = retrying(partial(debtors._find_scores, company), self.env)
            for batch in split_every(BATCH_SIZE, rows, list):
                # A collector who edits a debtor meanwhile makes the batch begin again.
                retrying(partial(debtors._write_scores, as_of, batch), self.env)
            self.env["ir.cron"]._commit_progress(1, remaining=left)

    def action_score_soon(self):
        """Score the customers of every company in a minute, rather than tonight. For collection managers."""
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(self.env._("A collection manager asks for new scores; otherwise they come every night."))
        # The right has been checked: the scheduler belongs to nobody.
        self.env.ref("credit_collection.cron_score").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("The scores are being worked out: read the list again in a few minutes."),
            },
        }

    @api.model
    def _score_company(self, company, as_of=None):
        """Score the customers of a root company as of the end of ``as_of``, yesterday by default; commit nothing."""
        # Scores are the program's own, whoever asks for them.
        debtors = self.sudo()
        as_of, rows = debtors._find_scores(company, as_of)
        for batch in split_every(BATCH_SIZE, rows, list):
            debtors._write_scores(as_of, batch)

    def _find_scores(self, company, as_of=None):
        """(as_of, rows) of the company's customers: rows (debtor_id, score, class, probability, factors as JSON)."""
        History = self.env["collection.payment.history"]
        History._refresh(company)
        as_of = as_of or company._get_collection_today() - timedelta(days=1)
        self._erase_scores_of_persons(company)
        self._end_lapsed_overrides(company)
        history = History._read_history(company, as_of)
        wanted, segments = self._find_to_score(company)
        if not len(history) or not len(wanted):
            return as_of, []
        incidents = History._read_incidents(company, as_of)
        model = self.env["collection.score.model"]._learn(company, history, incidents)
        self.env["collection.score.model"]._calibrate_if_due(company, history, incidents)
        return as_of, self._make_score_rows(model.score(history, incidents, wanted, segments))

    @api.model
    def _make_score_rows(self, scores):
        """Rows of ``_write_scores`` from what ``calc`` has found."""
        columns = (scores.debtor, scores.score, scores.grade, np.round(scores.probability, 4))
        factors = np.round(scores.factors, 2).tolist()
        why = (np.round(scores.segment_mean, 4).tolist(), scores.known.tolist())
        return [
            (*row, _dump_factors(weights, segment, known))
            for row, weights, segment, known in zip(
                zip(*(column.tolist() for column in columns), strict=True), factors, *why, strict=True
            )
        ]

    @api.model
    def _write_scores(self, as_of, rows):
        """Write the scores ``rows`` of ``_find_scores`` on their debtors, and keep those that changed."""
        self.flush_model()
        fresh = self._sql_fresh_scores(rows)
        self.env["collection.score"]._keep_changed(fresh, as_of)
        self.env.cr.execute(
            SQL(
                """
                UPDATE collection_debtor debtor
                   SET score = fresh.score, score_found_class = fresh.score_class,
                       score_class = CASE WHEN debtor.score_override THEN debtor.score_override_class
                                          ELSE fresh.score_class END,
                       score_probability = fresh.probability, score_date = %(day)s, score_factors = fresh.factors
                  FROM %(fresh)s
                 WHERE debtor.id = fresh.debtor_id
                   -- A row written for nothing is one more for which a transaction that sends has to begin again.
                   AND ((debtor.score, debtor.score_found_class) IS DISTINCT FROM (fresh.score, fresh.score_class)
                        OR debtor.score_date IS NULL OR debtor.score_date > %(day)s
                        OR debtor.score_date <= %(day)s - %(days)s)
                """,
                fresh=fresh,
                day=as_of,
                days=STAMP_AGE.days,
            )
        )
        self.env["collection.debtor"].invalidate_model(list(PROGRAM_FIELDS))

    @api.model
    def _sql_fresh_scores(self, rows):
        """Scores as a table: ``fresh (debtor_id, score, score_class, probability, factors)``."""
        debtors, scores, classes, probabilities, factors = (list(column) for column in zip(*rows, strict=True))
        return SQL(
            """(SELECT debtor_id, score, score_class, probability, factors::jsonb AS factors
                  FROM unnest(%s::integer[], %s::integer[], %s::varchar[], %s::numeric[], %s::text[])
                       AS given (debtor_id, score, score_class, probability, factors)) AS fresh""",
            debtors,
            scores,
            classes,
            probabilities,
            factors,
        )

    # -- whom ----------------------------------------------------------------------------------------------------------

    @api.model
    def _find_to_score(self, company):
        """(identifiers, segments) of the company's debtors that are scored, archived ones too: two arrays.

        The segment is that of ``collection.payment.history``: of whoever has no payments it is all that is known.
        """
        self.flush_model(["company_id", "country_id", "customer_kind", "partner_id"])
        self.env["res.partner"].flush_model(["is_company"])
        rows = self.env.execute_query(
            SQL(
                """SELECT debtor.id, %s FROM collection_debtor debtor
                     JOIN res_partner partner ON partner.id = debtor.partner_id
                    WHERE debtor.company_id = %s AND NOT %s""",
                self.env["collection.payment.history"]._sql_segment(),
                company.id,
                self._sql_is_unscored_person(company),
            )
        )
        return np.array(rows, np.int64).reshape(-1, 2).T

    @api.model
    def _sql_is_unscored_person(self, company):
        """Whether ``debtor``, whose customer is ``partner``, is a natural person whom the company does not score."""
        if company.sudo().collection_scores_persons:
            return SQL("FALSE")
        return SQL("(debtor.customer_kind = 'consumer' OR partner.is_company IS NOT TRUE)")

    @api.model
    def _erase_scores_of_persons(self, companies):
        """Natural persons whom their company does not score keep neither a score nor the memory of one."""
        self.flush_model()
        self.env["res.partner"].flush_model(["is_company"])
        for company in companies:
            persons = SQL(
                """SELECT debtor.id FROM collection_debtor debtor
                     JOIN res_partner partner ON partner.id = debtor.partner_id
                    WHERE debtor.company_id = %s AND %s""",
                company.id,
                self._sql_is_unscored_person(company),
            )
            self.env.cr.execute(SQL("DELETE FROM collection_score WHERE debtor_id IN (%s)", persons))
            self.env.cr.execute(
                SQL(
                    """UPDATE collection_debtor SET %s
                        WHERE id IN (%s) AND (score_class IS NOT NULL OR score_date IS NOT NULL)""",
                    SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in sorted(PROGRAM_FIELDS)),
                    persons,
                )
            )
        self.env["collection.debtor"].invalidate_model(list(PROGRAM_FIELDS))
        self.env["collection.score"].invalidate_model()

    def _is_unscored_person(self):
        """Whether the debtor is a natural person whom its company does not score."""
        self.ensure_one()
        if self.company_id.sudo().collection_scores_persons:
            return False
        return self.customer_kind == "consumer" or not self.partner_id.is_company


def _dump_factors(weights, segment, known):
    """JSON of ``score_factors``: the weights that count, the share late of customers alike, and the outcomes known."""
    heavy = {name: weight for name, weight in zip(FACTORS, weights, strict=True) if abs(weight) >= SMALLEST_WEIGHT}
    return json.dumps({"weights": heavy, "segment": segment, "known": known})
