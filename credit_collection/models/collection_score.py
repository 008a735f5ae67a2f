from odoo import api, fields, models
from odoo.tools import SQL

SCORE_CLASSES = [
    ("A", "A – Very good payer"),
    ("B", "B – Good payer"),
    ("C", "C – Late at times"),
    ("D", "D – Often late"),
    ("E", "E – Late as a rule"),
    ("N", "N – New customer"),
]


class CollectionScore(models.Model):
    """The scores that a debtor has had: one row for each day on which its score or its class changed.

    Made by the program alone, by one statement for all debtors; see ``collection_debtor_score``.
    """

    _name = "collection.score"
    _description = "Score of a Debtor"
    _order = "date desc, id desc"
    _rec_name = "debtor_id"
    _log_access = False

    debtor_id = fields.Many2one(
        "collection.debtor", string="Customer", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id")
    user_id = fields.Many2one(related="debtor_id.user_id", string="Collector")
    date = fields.Date(string="As of", required=True, readonly=True, help="Last day that was known.")
    score = fields.Integer(readonly=True, aggregator="avg")
    score_class = fields.Selection(SCORE_CLASSES, string="Class found", readonly=True)
    probability = fields.Float(
        string="Risk of late payment", digits=(16, 4), readonly=True, aggregator="avg", help="Of its next invoice."
    )
    factors = fields.Json(string="Why", readonly=True)

    _one_a_day = models.UniqueIndex("(debtor_id, date)", "There is a score of this day already.")

    @api.model
    def _keep_changed(self, fresh, as_of):
        """Keep the scores of ``fresh`` that differ from their debtor's: see ``collection.debtor._sql_fresh_scores``."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO collection_score (debtor_id, date, score, score_class, probability, factors)
                SELECT debtor.id, %(day)s, fresh.score, fresh.score_class, fresh.probability, fresh.factors
                  FROM %(fresh)s
                  JOIN collection_debtor debtor ON debtor.id = fresh.debtor_id
                 WHERE (debtor.score, debtor.score_found_class) IS DISTINCT FROM (fresh.score, fresh.score_class)
                    ON CONFLICT (debtor_id, date) DO UPDATE
                   SET score = EXCLUDED.score, score_class = EXCLUDED.score_class,
                       probability = EXCLUDED.probability, factors = EXCLUDED.factors
                """,
                day=as_of,
                fresh=fresh,
            )
        )
        self.invalidate_model()

    def action_open_debtor(self):
        """The customer's page."""
        self.ensure_one()
        return self.env["collection.debtor"]._open_record(self.debtor_id)
