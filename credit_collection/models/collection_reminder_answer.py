from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date, plaintext2html

LONGEST_ANSWER = 2000
# Beyond this many answers to one message, somebody plays with the link: they are thanked and no longer recorded.
MOST_ANSWERS = 10
FARTHEST_DATE = timedelta(days=366)


class CollectionReminder(models.Model):
    """What a customer answers in one click."""

    _inherit = "collection.reminder"

    answer_count = fields.Integer(string="Answers", readonly=True)

    def _record_answer(self, answer, words, day):
        """Record "paid", "problem" or "date" with the customer's words; return whether the day makes sense.

        The answer stands on the debtor's timeline, freezes what goes by itself until somebody has read it, and
        "paid" gives the money a few days to be found, once for each item.
        """
        self.ensure_one()
        if not self._is_plausible(answer, day):
            return False
        if self.answer_count >= MOST_ANSWERS:
            return True
        self.answer_count += 1
        if answer == "paid":
            # Said again, it does not keep reminders away for ever: a person has read it by then.
            self._get_live_lines().item_id.filtered(lambda item: not item.said_paid_on).action_said_paid()
        debtor = self.debtor_id
        debtor.message_post(
            body=self._describe_answer(answer, words.strip()[:LONGEST_ANSWER], day),
            author_id=debtor.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        debtor._freeze_for_answer()
        return True

    def _is_plausible(self, answer, day):
        today = self.company_id._get_collection_today()
        if answer == "date":
            return bool(day) and today <= day <= today + FARTHEST_DATE
        return not day or today - FARTHEST_DATE <= day <= today

    def _describe_answer(self, answer, words, day):
        """The answer for those who read the timeline; the customer's own words are escaped."""
        company_lang = self.company_id.partner_id.lang
        reader = self.with_context(lang=company_lang)
        sentence = {
            "paid": reader.env._("%s answers: it is paid.", self.name),
            "problem": reader.env._("%s answers: there is a problem.", self.name),
            "date": reader.env._("%s answers: here is a date.", self.name),
        }[answer]
        date = format_date(reader.env, day) if day else ""
        return plaintext2html("\n\n".join(filter(None, (sentence, date, words))))
