from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

# Of a long message, so much stands on the page.
SHOWN_LENGTH = 2000


class CollectionDebtor(models.Model):
    """The answers of a debtor: read on its page, and sorted in a click into the record they call for.

    An answer counts as read when the record is made: a dialog given up leaves it waiting, and sending frozen.
    """

    _inherit = "collection.debtor"

    answer_text = fields.Text(string="Answer", compute="_compute_answer")
    answer_author = fields.Char(string="Answer of", compute="_compute_answer")
    answer_excerpt = fields.Char(string="What it says", compute="_compute_answer_excerpt")

    @api.depends("unread_since")
    def _compute_answer(self):
        for debtor in self:
            message = debtor._get_last_answer() if debtor.unread_since else self.env["mail.message"]
            debtor.answer_text = "\n".join(_get_lines(message.body))[:SHOWN_LENGTH] if message else False
            # Who wrote is read with what was written, whoever may see the contact.
            debtor.answer_author = message.author_id.sudo().display_name or message.email_from

    @api.depends("unread_since")
    def _compute_answer_excerpt(self):
        waiting = self.filtered("unread_since")
        answers = (
            self.env["collection.timeline"]
            .with_context(collection_debtor_ids=waiting.ids)
            .search_fetch([("kind", "=", "answer")], ["debtor_id", "name"])
            if waiting
            else self.env["collection.timeline"]
        )
        last = {}
        for answer in answers:
            last.setdefault(answer.debtor_id, answer.text)
        for debtor in self:
            debtor.answer_excerpt = last.get(debtor, False)

    def _get_last_answer(self):
        """The last message that came in; empty where there is none."""
        self.ensure_one()
        answer = (
            self.env["collection.timeline"]
            .with_context(collection_debtor_ids=self.ids)
            .search([("debtor_id", "=", self.id), ("kind", "=", "answer")], limit=1)
        )
        # A message on the page of a debtor is read with the page.
        return self.env["mail.message"].sudo().browse(answer.res_id if answer else [])

    # -- sorted in a click ---------------------------------------------------------------------------------------------

    def action_answer_paid(self):
        """The customer says that it is paid: which items is proposed, and asked where there is a choice."""
        items = self._get_answered_items()
        if len(items) == 1:
            items.action_said_paid()
            return self.action_mark_read()
        return self._open_answer("paid", items=items)

    def action_answer_problem(self):
        """The customer contests something: a dispute, with its words."""
        items = self._get_answered_items()
        action = self.env["collection.dispute"]._action_new(self, items, note=self.answer_text or "")
        return self._remember_answer(action)

    def action_answer_date(self):
        """The customer says when it will pay: a promise, with its words."""
        items = self._get_answered_items()
        action = self.env["collection.promise"]._action_new(self, items, note=self.answer_text or "")
        return self._remember_answer(action)

    def action_answer_wrong_person(self):
        """Whoever answered is not the person to talk to."""
        self.ensure_one()
        self.check_access("write")
        author = self._get_last_answer().author_id
        known = self._get_contact_roles()
        wrong = author if author in known and author != self.partner_id else self.contact_ids[:1]
        return self._open_answer("wrong", contact_id=wrong.id)

    def _open_answer(self, kind, **values):
        return self._open_new("collection.answer", self.env._("Answer of %s", self.display_name), kind=kind, **values)

    def _remember_answer(self, action):
        """Let the record that the dialog makes mark the answer as read."""
        context = {**self.env.context, **(action.get("context") or {}), "collection_answered_debtor_id": self.id}
        return {**action, "context": context}

    @api.model
    def _settle_answer(self, debtors):
        """A record was made for ``debtors``: the answer from which it was asked for, if any, has been read."""
        answered = self.browse(self.env.context.get("collection_answered_debtor_id") or [])
        (answered & debtors).filtered("unread_since").action_mark_read()

    def _get_answered_items(self):
        """Items that the answer is likely to be about. Raises UserError where nothing is open."""
        self.ensure_one()
        self.check_access("write")
        decisions = self._guess_answered(self._read_decisions(), self.answer_text or "")
        if not decisions:
            raise UserError(self.env._("Nothing is open here: mark the answer as read."))
        return self.env["collection.item"]._ensure_for(decisions)

    def _guess_answered(self, decisions, text):
        """Of the ``decisions``, those whose number the ``text`` names, else those last reminded, else what is late."""
        open_now = decisions.filtered(lambda decision: decision.decision != "out_of_scope")
        words = "".join(text.split()).lower()
        named = open_now.filtered(lambda it: it.move_name and "".join(it.move_name.split()).lower() in words)
        if named:
            return named
        last = self.env["collection.reminder"].search(
            [("debtor_id", "=", self.id), ("sent_date", "!=", False), ("level_id", "!=", False)],
            order="sent_date desc, id desc",
            limit=1,
        )
        reminded = last.line_ids.filtered(lambda line: not line.dropped).item_id
        return (
            open_now.filtered(lambda decision: decision.item_id in reminded)
            or open_now.filtered(lambda decision: decision.days_late > 0)
            or open_now
        )


def _get_lines(body):
    return [line.strip() for line in html2plaintext(body or "").splitlines() if line.strip()]
