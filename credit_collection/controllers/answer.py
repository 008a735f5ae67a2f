from odoo import fields, http
from odoo.http import request
from odoo.tools import consteq

ANSWERS = ("paid", "problem", "date")
ROUTE = "/collection/answer/<int:reminder_id>/<string:token>/<string:answer>"
OPENED_ROUTE = "/collection/opened/<int:reminder_id>/<string:token>"


class CollectionAnswer(http.Controller):
    """The page behind the three links of an e-mail: paid, a problem, a date.

    Opening it changes nothing, since mail scanners follow every link; only the form does. A browser that shows the page
    says so by itself, which tells of a reader and decides nothing.
    """

    @http.route(ROUTE, type="http", auth="public", methods=["GET"], sitemap=False, readonly=True)
    def show(self, reminder_id, token, answer):
        """The form of an answer, or 404 for a link that is not ours."""
        reminder = self._find_reminder(reminder_id, token)
        if not reminder or answer not in ANSWERS:
            return request.not_found()
        return self._render(reminder, answer)

    @http.route(ROUTE, type="http", auth="public", methods=["POST"], sitemap=False)
    def record(self, reminder_id, token, answer, words="", day="", **_ignored):
        """Record the answer and thank for it."""
        reminder = self._find_reminder(reminder_id, token)
        if not reminder or answer not in ANSWERS:
            return request.not_found()
        try:
            day = fields.Date.to_date(day[:10]) if day else None
        except ValueError:
            return self._render(reminder, answer, words=words, wrong_day=True)
        if not reminder._record_answer(answer, words, day):
            return self._render(reminder, answer, words=words, wrong_day=True)
        return self._render(reminder, answer, done=True)

    @http.route(OPENED_ROUTE, type="http", auth="public", methods=["POST"], sitemap=False)
    def record_opening(self, reminder_id, token, **_ignored):
        """Record that somebody sees the page."""
        reminder = self._find_reminder(reminder_id, token)
        if not reminder:
            return request.not_found()
        reminder._record_opening()
        return request.make_response("", status=204)

    def _find_reminder(self, reminder_id, token):
        # Whoever holds the message may answer it: the token, compared in constant time, stands for the right.
        reminder = request.env["collection.reminder"].sudo().browse(reminder_id).exists()
        if reminder and consteq(reminder._get_answer_token(), token):
            return reminder.with_context(lang=reminder.lang)
        return None

    def _render(self, reminder, answer, **values):
        request.update_context(lang=reminder.lang)
        return request.render(
            "credit_collection.answer_page",
            {
                "reminder": reminder,
                "answer": answer,
                "company": reminder.company_id,
                "opened_url": f"/collection/opened/{reminder.id}/{reminder._get_answer_token()}",
                "today": reminder.company_id._get_collection_today().isoformat(),
                "words": "",
                **values,
            },
            headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"},
        )
