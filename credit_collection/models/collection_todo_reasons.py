from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date


class CollectionTodo(models.Model):
    """Why a debtor stands before a person: the kinds of work in which it is, in words."""

    _inherit = "collection.todo"

    @api.model
    def _get_contact_kinds(self, looked_at=None):
        """[(kind, where it names the debtor)] of what asks for a contact, after the kind whose list is looked at."""
        kinds = sorted(self._get_kinds(), key=lambda kind: kind["code"] != looked_at)
        return [
            (kind, path)
            for kind, path in ((kind, self._get_debtor_path(kind)) for kind in kinds)
            if path
            and (kind["code"] == looked_at or kind.get("contact", True))
            and self.env[kind["model"]].has_access("read")
        ]

    @api.model
    def _find_reasons(self, debtors):
        """{debtor id: [why it waits for a person]} for a page of debtors, one query a kind."""
        reasons = defaultdict(list)
        for kind, path in self._get_contact_kinds(self.env.context.get("collection_todo_code")):
            for debtor, count in self._count_in_kind(kind, path, debtors).items():
                words = debtor._describe_work(kind["code"]) or kind["name"]
                reasons[debtor.id].append(
                    self.env._("%(label)s (%(count)s)", label=words, count=count) if count > 1 else words
                )
        return reasons

    def _count_in_kind(self, kind, path, debtors):
        """{debtor: number of its records of the kind}."""
        domain = Domain(kind["domain"]) & Domain(path, "in", debtors.ids)
        records = self.env[kind["model"]].search(domain)
        if path == "id":
            return dict.fromkeys(records, 1)
        return {debtor: len(own) for debtor, own in records.grouped(path).items()}

    @api.model
    def _get_contact_domain(self):
        """Domain of the debtors whom a person has to contact, by any kind of work."""
        # One set of all of them: alternatives would be tried on each debtor in turn.
        found = []
        for kind, path in self._get_contact_kinds():
            # Whose debtors they are is for the rules of the search around: once, not in each of twenty.
            model = self.env[kind["model"]].sudo()
            records = model._search(kind["domain"])
            found.append(records.subselect(model._field_to_sql(records.table, path, records)))
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ALL ").join(found))) if found else Domain.FALSE


class CollectionDebtor(models.Model):
    _inherit = "collection.debtor"

    def _describe_work(self, code):
        """Why the debtor is among the work of this kind, in its own figures; None where the kind's name says it all."""
        self.ensure_one()
        describe = getattr(self, f"_describe_work_{code}", None)
        return describe and describe()

    def _describe_work_answer(self):
        return self.env._("Answer of %s to read", format_date(self.env, self.unread_since))

    def _describe_work_incident(self):
        return self.env._("A payment came back: call today")

    def _describe_work_activity(self):
        followed = self.env.user._get_collection_followed()
        own = self.activity_ids.filtered(lambda activity: activity.user_id in followed)
        first = own.sorted("date_deadline")[:1]
        return self.env._(
            "%(task)s, due %(date)s",
            task=first.summary or first.activity_type_id.name or self.env._("Task"),
            date=format_date(self.env, first.date_deadline),
        )

    def _describe_work_no_contact(self):
        if not self.has_email and self.has_address:
            return self.env._("No usable e-mail address")
        return self.env._("Neither e-mail nor complete address")

    def _describe_work_no_plan(self):
        return self.env._("No plan applies")

    def _describe_work_finished(self):
        if not self.last_reminder_date:
            return self.env._("All levels are done: decide what follows")
        return self.env._(
            "All levels are done, the last on %s: decide what follows", format_date(self.env, self.last_reminder_date)
        )

    def _describe_work_manual(self):
        if self.is_key_account:
            return self.env._("Key account: nothing leaves by itself")
        return self.env._("Handled by a person")

    def _describe_work_old_credit(self):
        return self.env._(
            "%s of credits open for more than 30 days", format_amount(self.env, self.old_credit, self.currency_id)
        )

    def _describe_work_no_collector(self):
        if self.user_id:
            # The name of a colleague is no secret.
            return self.env._("%s has left", self.user_id.sudo().name)
        return self.env._("Overdue, and nobody follows it")

    def _describe_work_pause_ending(self):
        return self.env._("Pause: %s", self.pause_text or "")
