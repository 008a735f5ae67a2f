from odoo import models
from odoo.tools import SQL


class CollectionRun(models.Model):
    """From the decisions of a run to its reminders, by SQL over sets."""

    _inherit = "collection.run"

    def _propose_reminders(self):
        """Insert one reminder a debtor (or a debtor and level), with its lines, from the run's snapshot."""
        tuned = self.env["collection.decision"]._tuned_for_large_sets
        # The snapshot has its statistics: the planner may join as it likes. The reminders just made have none.
        with tuned(joins_by_hash=False):
            self._create_missing_items()
            self._insert_rows("collection_reminder", self._get_reminder_columns(), self._sql_proposals(), "proposed")
        with tuned():
            self._insert_reminder_lines()
        for model in ("collection.reminder", "collection.reminder.line", "collection.item"):
            self.env[model].invalidate_model()

    def _insert_reminder_lines(self):
        columns = self._get_reminder_line_columns()
        self._insert_rows("collection_reminder_line", columns, self._sql_proposed_lines(), "line")

    def _insert_rows(self, table, columns, rows, alias):
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM (%s) %s",
                SQL.identifier(table),
                SQL(", ").join(SQL.identifier(column) for column in columns),
                SQL(", ").join(columns.values()),
                rows,
                SQL.identifier(alias),
            )
        )

    def _get_reminder_columns(self):
        """Columns of a planned reminder, each with its SQL over a proposal. Override to add one."""
        return {
            "run_id": SQL("%s", self.id),
            "debtor_id": SQL("proposed.debtor_id"),
            "level_id": SQL("proposed.level_id"),
            "group_level_id": SQL("proposed.group_level_id"),
            "date": SQL("%s", self.date),
            "state": SQL(
                "CASE WHEN proposed.approval = 'automatic' AND proposed.hold_reason IS NULL "
                "THEN 'approved' ELSE 'proposed' END"
            ),
            "hold_reason": SQL("proposed.hold_reason"),
            "assignee_id": SQL("proposed.assignee_id"),
        }

    def _get_reminder_line_columns(self):
        """Columns of a planned line, each with its SQL over the snapshot and its reminder. Override to add one."""
        return {
            name: SQL.identifier("line", name)
            for name in ("reminder_id", "item_id", "level_id", "cycle", "due_date", "days_late", "residual", "claim")
        }

    def _create_missing_items(self):
        """From now on there is something to know about every item that a reminder carries."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO collection_item (
                    debtor_id, move_line_id, move_id, name, due_date, due_rank, amount, currency_id, cycle,
                    create_date, write_date)
                SELECT snapshot.debtor_id, snapshot.move_line_id, snapshot.move_id, snapshot.move_name,
                       snapshot.due_date,
                       -- Rank of the instalment: how the item finds its line again if the invoice is edited.
                       1 + (SELECT COUNT(*) FROM account_move_line sibling
                             WHERE sibling.move_id = snapshot.move_id AND sibling.account_id = line.account_id
                               AND sibling.partner_id = line.partner_id
                               AND (sibling.date_maturity, sibling.id) < (line.date_maturity, line.id)),
                       snapshot.amount, snapshot.currency_id, 1,
                       -- Nobody made them but the run: each name would be checked, row by row.
                       now() at time zone 'UTC', now() at time zone 'UTC'
                  FROM collection_snapshot snapshot
                  JOIN account_move_line line ON line.id = snapshot.move_line_id
                 WHERE snapshot.run_id = %(run)s AND snapshot.item_id IS NULL AND snapshot.claim > 0
                   AND EXISTS (SELECT FROM collection_snapshot other
                                WHERE other.run_id = %(run)s AND other.debtor_id = snapshot.debtor_id
                                  AND other.decision = 'level')
                   AND (snapshot.decision = 'level' OR snapshot.days_late > 0)
                """,
                run=self.id,
            )
        )

    def _sql_proposals(self):
        """(debtor_id, level_id, group_level_id, assignee_id, approval, hold_reason): the reminders to make.

        A debtor with a reminder that has not left yet gets no second one: one message per debtor, and per payee where
        invoices were assigned, for who reads two accounts in one letter pays all into one.
        """
        return SQL(
            """
            SELECT DISTINCT ON (snapshot.debtor_id, grouped.level_id, payee.assignee_id)
                   snapshot.debtor_id, snapshot.level_id, grouped.level_id AS group_level_id, level.approval,
                   payee.assignee_id,
                   CASE WHEN bool_or(foreign_credit.partner_id IS NOT NULL) OVER (PARTITION BY snapshot.debtor_id)
                        THEN %(foreign_credit)s END AS hold_reason
              FROM collection_snapshot snapshot
              JOIN collection_level level ON level.id = snapshot.level_id
              JOIN collection_plan plan ON plan.id = snapshot.plan_id
              JOIN collection_debtor debtor ON debtor.id = snapshot.debtor_id
              CROSS JOIN LATERAL (SELECT CASE plan.grouping WHEN 'level' THEN snapshot.level_id END AS level_id) grouped
              LEFT JOIN collection_item item ON item.id = snapshot.item_id
              CROSS JOIN LATERAL (SELECT %(payee)s AS assignee_id) payee
              LEFT JOIN (%(credits)s) foreign_credit ON foreign_credit.partner_id = debtor.partner_id
                    AND foreign_credit.currency_id <> snapshot.currency_id
             WHERE snapshot.run_id = %(run)s AND snapshot.decision = 'level'
               AND NOT EXISTS (SELECT FROM collection_reminder pending
                                WHERE pending.debtor_id = snapshot.debtor_id
                                  AND pending.level_id IS NOT NULL
                                  AND pending.state IN ('proposed', 'approved', 'outbox'))
             ORDER BY snapshot.debtor_id, grouped.level_id, payee.assignee_id, level.counted_from, level.day DESC,
                      snapshot.level_id
            """,
            run=self.id,
            payee=self._sql_payee(),
            credits=self._sql_credits_by_currency(),
            foreign_credit=self.env._("An open credit in another currency waits for a person."),
        )

    @staticmethod
    def _sql_payee():
        """Assignee to whom alone ``item`` may be paid; NULL where it is the company."""
        return SQL("CASE WHEN item.status = 'assigned' THEN item.assignee_id END")

    def _sql_credits_by_currency(self):
        """Currencies in which a customer has more open credits than debts: (partner_id, currency_id)."""
        return SQL(
            """SELECT line.partner_id, line.currency_id FROM account_move_line line
                WHERE line.account_id IN %s AND line.reconciled IS NOT TRUE AND line.parent_state = 'posted'
                  AND line.company_id IN %s
                GROUP BY line.partner_id, line.currency_id HAVING SUM(line.amount_residual_currency) < 0""",
            tuple(self._with_run_scope(self.env["collection.decision"])._get_perimeter_accounts().ids) or (0,),
            tuple(self.company_id._get_collection_companies().ids),
        )

    def _sql_proposed_lines(self):
        """Lines of the run's reminders: items at their level, and those overdue merely recalled."""
        return SQL(
            """
            SELECT reminder.id AS reminder_id, item.id AS item_id, snapshot.cycle, snapshot.due_date,
                   snapshot.days_late, snapshot.residual, snapshot.claim,
                   CASE snapshot.decision WHEN 'level' THEN snapshot.level_id END AS level_id
              FROM collection_reminder reminder
              JOIN collection_level level ON level.id = reminder.level_id
              JOIN collection_snapshot snapshot
                ON snapshot.debtor_id = reminder.debtor_id AND snapshot.run_id = reminder.run_id
              JOIN collection_item item ON item.move_line_id = snapshot.move_line_id
             WHERE reminder.run_id = %(run)s AND snapshot.claim > 0
               AND reminder.assignee_id IS NOT DISTINCT FROM %(payee)s
               AND CASE WHEN reminder.group_level_id IS NOT NULL
                        THEN snapshot.decision = 'level' AND snapshot.level_id = reminder.group_level_id
                        -- A word before the due date is about what is to come: it recalls nothing.
                        ELSE snapshot.decision = 'level'
                             OR snapshot.days_late > 0 AND (level.day >= 0 OR level.counted_from = 'deadline') END
               AND snapshot.decision IN ('level', 'waiting', 'small', 'finished', 'no_contact')
             ORDER BY reminder.id, snapshot.due_date, snapshot.id
            """,
            run=self.id,
            payee=self._sql_payee(),
        )
