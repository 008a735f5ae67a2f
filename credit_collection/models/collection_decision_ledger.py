from odoo import models
from odoo.tools import SQL


class CollectionDecision(models.Model):
    """Parts of the decision query that read the ledger: what is open, whose it is, and what forbids a message."""

    _inherit = "collection.decision"

    def _part_company_root(self):
        """Companies in scope with the root that reconciles for them."""
        return SQL(
            """
            SELECT company.id AS company_id, root.id AS root_id, root.currency_id
              FROM res_company company
              JOIN res_company root ON root.id = split_part(company.parent_path, '/', 1)::integer
             WHERE root.id IN %s
            """,
            tuple(self._get_root_companies().ids) or (0,),
        )

    def _part_debtor(self):
        """One row a debtor: how it is chased, and its plan (its own, else the first whose filter it meets)."""
        debtors = self._get_debtors()
        return SQL(
            """
            SELECT debtor.id AS debtor_id, debtor.partner_id, debtor.company_id AS root_id, debtor.chase,
                   %(pause_until)s AS pause_until, debtor.customer_kind, debtor.public_term,
                   debtor.first_invoice_date, debtor.has_email, debtor.has_address,
                   %(last_reminder)s AS last_reminder_date,
                   COALESCE(debtor.plan_id, %(plan)s) AS plan_id, payer.commercial_partner_id AS payer_partner_id
              FROM collection_debtor debtor
              LEFT JOIN res_partner payer ON payer.id = debtor.payer_id
             WHERE debtor.company_id IN %(roots)s AND %(pruned)s
            """,
            pause_until=self._sql_pause_until(),
            last_reminder=self._sql_last_reminder_date(),
            plan=self._sql_plan_by_filter(),
            roots=tuple(self._get_root_companies().ids) or (0,),
            pruned=SQL("TRUE") if debtors is None else SQL("debtor.id IN %s", tuple(debtors.ids) or (0,)),
        )

    def _sql_last_reminder_date(self):
        if not self._is_past():
            return SQL("debtor.last_reminder_date")
        return SQL(
            """(SELECT MAX(reminder.sent_date) FROM collection_reminder reminder
                 WHERE reminder.debtor_id = debtor.id AND reminder.level_id IS NOT NULL
                   AND reminder.sent_date < %s)""",
            self._get_collection_date(),
        )

    def _sql_plan_by_filter(self):
        # Plans are configuration: which one applies does not depend on who asks.
        plans = self.env["collection.plan"].sudo().search([])
        debtors = self._get_debtors()
        cases = [
            SQL(
                "WHEN %(company)s AND %(debtors)s THEN %(plan)s",
                company=SQL("debtor.company_id = %s", plan.company_id.id) if plan.company_id else SQL("TRUE"),
                # Whom a broken filter was meant for is unknown: rather no plan than that of somebody else.
                debtors=SQL("TRUE") if filtered is None else SQL("debtor.id IN %s", filtered.subselect()),
                plan=None if filtered is None else plan.id,
            )
            for plan, filtered in ((plan, plan._search_debtors(among=debtors)) for plan in plans)
        ]
        return SQL("(CASE %s END)::integer", SQL(" ").join(cases)) if cases else SQL("NULL::integer")

    def _part_open_line(self):
        """Open receivable lines of the perimeter and around it, debts positive and credits negative."""
        accounts = self._get_perimeter_accounts()
        debtors = self._get_debtors()
        return SQL(
            """
            SELECT line.id AS line_id, line.move_id, line.move_name, line.name AS reference, line.partner_id,
                   line.company_id, root.root_id, root.currency_id AS company_currency_id, line.account_id,
                   line.journal_id, line.currency_id, line.no_followup, line.invoice_date, line.date,
                   COALESCE(line.date_maturity, line.invoice_date, line.date) AS due_date,
                   line.amount_currency AS amount, %(residual)s AS residual, %(residual_company)s AS residual_company
              FROM account_move_line line
              JOIN company_root root ON root.company_id = line.company_id
              %(many)s
              %(as_of)s
             WHERE line.account_id IN %(accounts)s AND line.parent_state = 'posted'
               AND %(open)s AND %(pruned)s
            """,
            accounts=tuple(accounts.ids) or (0,),
            # About few debtors the planner expects one item, and would loop over the parts for each of a thousand:
            # it takes this one row for a hundred.
            many=SQL() if debtors is None else SQL("CROSS JOIN jsonb_array_elements('[0]')"),
            pruned=(SQL("TRUE") if debtors is None else SQL("line.partner_id IN %s", self._get_pruned_partner_ids())),
            **self._sql_residuals(),
        )

    def _get_pruned_partner_ids(self):
        """Ids of the customers who are the debtors of the context."""
        # Ids alone, to prune; which rows are shown is for the record rules.
        return tuple(self._get_debtors().sudo().partner_id.ids) or (0,)

    def _sql_residuals(self):
        if not self._is_past():
            return {
                "residual": SQL("line.amount_residual_currency"),
                "residual_company": SQL("line.amount_residual"),
                "as_of": SQL(),
                # The predicate of core's partial index, to the letter.
                "open": SQL("line.reconciled IS NOT TRUE AND line.amount_residual_currency <> 0"),
            }
        return {
            "residual": SQL("line.amount_residual_currency + COALESCE(later.amount_currency, 0)"),
            "residual_company": SQL("line.amount_residual + COALESCE(later.amount, 0)"),
            "as_of": SQL("LEFT JOIN (%s) later ON later.line_id = line.id", self._sql_allocated_later()),
            "open": SQL(
                """
                (line.reconciled IS NOT TRUE OR later.line_id IS NOT NULL) AND line.date <= %s
                AND line.amount_residual_currency + COALESCE(later.amount_currency, 0) <> 0
                """,
                self._get_collection_date(),
            ),
        }

    def _sql_allocated_later(self):
        """What the lines were allocated after the day of the decision, and still had open on it."""
        debtors = self._get_debtors()
        return SQL(
            """
            SELECT part.line_id, SUM(part.amount_currency) AS amount_currency, SUM(part.amount) AS amount
              FROM (SELECT debit_move_id AS line_id, debit_amount_currency AS amount_currency, amount
                      FROM account_partial_reconcile WHERE max_date > %(day)s AND %(debit)s
                     UNION ALL
                    SELECT credit_move_id, -credit_amount_currency, -amount
                      FROM account_partial_reconcile WHERE max_date > %(day)s AND %(credit)s
                   ) part
             GROUP BY part.line_id
            """,
            day=self._get_collection_date(),
            **{
                side: (
                    SQL("TRUE")
                    if debtors is None
                    else SQL(
                        "%s IN (SELECT id FROM account_move_line WHERE partner_id IN %s)",
                        SQL.identifier(f"{side}_move_id"),
                        self._get_pruned_partner_ids(),
                    )
                )
                for side in ("debit", "credit")
            },
        )

    def _is_past(self):
        """Whether the ledger must be read as it stood, rather than as it stands."""
        return self._get_collection_date() < self._get_today()

    def _get_perimeter_accounts(self):
        """Accounts with a role in collection, and the receivable ones without: these are counted, not chased."""
        # Their settings are read, whoever asks.
        return self.env["account.account"].sudo()._get_collection_perimeter(self._get_root_companies())

    def _part_open_item(self):
        """Open debts with their debtor and what collection knows of them."""
        return SQL(
            """
            SELECT line.*, debtor.debtor_id, debtor.chase, debtor.pause_until,
                   debtor.first_invoice_date AS debtor_since, debtor.has_email, debtor.has_address,
                   debtor.last_reminder_date, debtor.payer_partner_id,
                   account.collection_role AS role, item.id AS item_id, COALESCE(item.cycle, 1) AS cycle,
                   item.status, item.status_date, item.assignee_id, item.said_paid_on,
                   -- Closed since the day of the decision, the item was open on it: no payment had come back.
                   CASE WHEN item.closed_on <= %(day)s THEN item.closed_on END AS closed_on,
                   %(position)s,
                   COALESCE(item.plan_id, debtor.plan_id) AS plan_id,
                   %(payable_on)s AS payable_on
              FROM open_line line
              JOIN account_account account ON account.id = line.account_id
              LEFT JOIN debtor ON debtor.partner_id = line.partner_id AND debtor.root_id = line.root_id
              LEFT JOIN %(known)s ON item.move_line_id = line.line_id
              %(past_position)s
             WHERE line.residual > 0
            """,
            day=self._get_collection_date(),
            # About few debtors, looked up one by one: taken for a hundred times as many, see _part_open_line(), the
            # items would be read all.
            known=(
                SQL("collection_item item")
                if self._get_debtors() is None
                else SQL("LATERAL (SELECT * FROM collection_item WHERE move_line_id = line.line_id LIMIT 1) item")
            ),
            payable_on=self._sql_payable_on(),
            **self._sql_item_position(),
        )

    def _sql_payable_on(self, due_date=None):
        """Day from which an open ``line`` on ``account`` is owed by ``debtor``, what is known of it being ``item``.

        ``due_date`` is that of the ledger, ``line.due_date`` if not given.
        """
        # Retention money is released one year after acceptance (law 71-584 of 16 July 1971, art. 2).
        # Public bodies have their time from the day the invoice reached them (C. commande publique R2192-10 to
        # R2192-12). Unknown, that day is taken for the invoice's; and never is less granted than the invoice itself.
        return SQL(
            """CASE WHEN account.collection_role = 'retention'
                    THEN COALESCE(item.release_date, (%(due_date)s + INTERVAL '1 year')::date)
                    WHEN debtor.customer_kind = 'public' AND account.collection_role <> 'bill'
                    THEN GREATEST(%(due_date)s
                                  + GREATEST(item.receipt_date - COALESCE(line.invoice_date, line.date), 0),
                                  COALESCE(item.receipt_date, line.invoice_date) + debtor.public_term::integer)
                    ELSE %(due_date)s END""",
            due_date=due_date or SQL("line.due_date"),
        )

    def _sql_item_position(self):
        if not self._is_past():
            return {
                "position": SQL("item.level_id AS reached_level_id, item.level_date, item.deadline_date"),
                "past_position": SQL(),
            }
        return {
            "position": SQL("""past.level_id AS reached_level_id,
                               past.sent_date AS level_date, past.deadline_date"""),
            "past_position": SQL("LEFT JOIN (%s) past ON past.item_id = item.id", self._sql_past_position()),
        }

    def _sql_past_position(self):
        """Last level that each item had reached before the day of the decision."""
        debtors = self._get_debtors()
        return SQL(
            """
            SELECT DISTINCT ON (sent.item_id) sent.item_id, sent.level_id, reminder.sent_date, reminder.deadline_date
              FROM collection_reminder_line sent
              JOIN collection_reminder reminder ON reminder.id = sent.reminder_id
             -- An item merely recalled keeps its level.
             WHERE sent.dropped IS NOT TRUE AND sent.level_id IS NOT NULL AND reminder.sent_date < %(day)s
               AND %(pruned)s
             ORDER BY sent.item_id, reminder.sent_date DESC, sent.id DESC
            """,
            day=self._get_collection_date(),
            pruned=(
                SQL("TRUE")
                if debtors is None
                else SQL(
                    "sent.item_id IN (SELECT id FROM collection_item WHERE debtor_id IN %s)",
                    tuple(debtors.ids) or (0,),
                )
            ),
        )

    def _part_rate(self):
        """Units of each currency for one of the root company's, on the day of the decision."""
        return SQL(
            """
            SELECT DISTINCT ON (rate.currency_id, root.root_id) rate.currency_id, root.root_id, rate.rate
              FROM res_currency_rate rate
              JOIN company_root root ON root.root_id = root.company_id
             WHERE (rate.company_id IS NULL OR rate.company_id = root.root_id)
             -- As core does: the last rate known on the day, else the first one ever.
             ORDER BY rate.currency_id, root.root_id, rate.company_id NULLS LAST, rate.name > %(day)s,
                      CASE WHEN rate.name > %(day)s THEN rate.name - %(day)s ELSE %(day)s - rate.name END
            """,
            day=self._get_collection_date(),
        )

    # -- stops ---------------------------------------------------------------------------------------------------------

    def _part_lapsed(self):
        """Items whose limitation has run: (line_id, next_date)."""
        return self._sql_nothing()

    def _part_insolvent(self):
        """Items born before a judgment that opened a collective proceeding: (line_id, next_date)."""
        return self._sql_nothing()

    def _part_in_case(self):
        """Items that are part of an open case: (line_id, next_date)."""
        return self._sql_nothing()

    @staticmethod
    def _sql_nothing():
        return SQL("SELECT NULL::integer AS line_id, NULL::numeric AS amount, NULL::date AS next_date WHERE FALSE")

    def _part_blocked_move(self):
        # The residual decides what is open; payment_state only tells that a person blocked the payment.
        return SQL(
            """
            SELECT move.id AS move_id FROM account_move move
             WHERE move.journal_id IN (SELECT id FROM account_journal) AND move.state = 'posted'
               AND move.payment_state = 'blocked' AND %s
            """,
            SQL("TRUE") if self._get_debtors() is None else SQL("move.id IN (SELECT move_id FROM open_item)"),
        )

    def _part_stop(self):
        """First reason that forbids a message about an item: (line_id, stop, next_date, detail)."""
        return SQL(
            """
            SELECT line_id, stop, detail,
                   CASE stop
                       WHEN 'lapsed' THEN lapsed_until
                       WHEN 'insolvent' THEN insolvent_until
                       WHEN 'in_case' THEN in_case_until
                       -- Without an end, nothing but a person changes it.
                       WHEN 'paused' THEN NULLIF(pause_until, 'infinity') + 1
                       WHEN 'collecting' THEN CASE WHEN status = 'collecting' THEN status_date ELSE payable_on END + 1
                   END AS next_date
              FROM (
                SELECT item.line_id, item.pause_until, item.status, item.status_date, item.payable_on,
                       lapsed.next_date AS lapsed_until, insolvent.next_date AS insolvent_until,
                       in_case.next_date AS in_case_until,
                       CASE
                           WHEN item.role IS NULL THEN 'out_of_scope'
                           WHEN item.partner_id IS NULL OR item.debtor_id IS NULL THEN 'no_debtor'
                           WHEN lapsed.line_id IS NOT NULL THEN 'lapsed'
                           WHEN insolvent.line_id IS NOT NULL THEN 'insolvent'
                           WHEN in_case.line_id IS NOT NULL THEN 'in_case'
                           WHEN item.status = 'assigned' AND (plan.chase_assigned IS NOT TRUE
                                                              OR item.assignee_id IS NULL) THEN 'assigned'
                           WHEN item.status = 'undelivered' THEN 'undelivered'
                           WHEN item.no_followup THEN 'excluded'
                           WHEN blocked.move_id IS NOT NULL THEN 'blocked'
                           WHEN item.chase = 'off' THEN 'off'
                           WHEN item.pause_until >= %(day)s THEN 'paused'
                           WHEN item.status = 'collecting' AND COALESCE(item.status_date, %(day)s) >= %(day)s
                                OR item.role = 'bill' AND item.payable_on >= %(day)s THEN 'collecting'
                       END AS stop,
                       -- Core excludes general-journal lines by default: nobody chose it.
                       CASE WHEN item.no_followup AND journal.type = 'general' THEN 'by_default'
                            WHEN item.no_followup THEN 'by_person'
                            WHEN item.status = 'assigned' AND item.assignee_id IS NULL AND plan.chase_assigned
                            THEN 'no_assignee' END AS detail
                  FROM open_item item
                  JOIN account_journal journal ON journal.id = item.journal_id
                  LEFT JOIN collection_plan plan ON plan.id = item.plan_id
                  LEFT JOIN lapsed ON lapsed.line_id = item.line_id
                  LEFT JOIN insolvent ON insolvent.line_id = item.line_id
                  LEFT JOIN in_case ON in_case.line_id = item.line_id
                  LEFT JOIN blocked_move blocked ON blocked.move_id = item.move_id
              ) reasons WHERE stop IS NOT NULL
            """,
            day=self._get_collection_date(),
        )
