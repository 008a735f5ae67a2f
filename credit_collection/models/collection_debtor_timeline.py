from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date, format_datetime

from .collection_timeline import TIMELINE_KINDS

TIMELINE_PAGE = 25
MOST_ENTRIES = 200
# Kinds whose rows have a day and no hour.
KINDS_OF_A_DAY = ("payment",)
ICONS = {
    "reminder": "fa-paper-plane-o",
    "bounced": "fa-reply",
    "answer": "fa-envelope-open-o",
    "note": "fa-sticky-note-o",
    "payment": "fa-money",
    "call": "fa-phone",
    "promise": "fa-handshake-o",
    "promise_kept": "fa-check",
    "promise_broken": "fa-chain-broken",
    "dispute": "fa-gavel",
    "dispute_closed": "fa-check-square-o",
    "agreement": "fa-calendar-o",
    "agreement_revoked": "fa-calendar-times-o",
    "agreement_kept": "fa-calendar-check-o",
    "incident": "fa-bolt",
    "pause": "fa-pause",
    "hand_over": "fa-share",
}


class CollectionDebtor(models.Model):
    """The timeline on the page of a debtor, read by pages after the rest of it."""

    _inherit = "collection.debtor"

    @api.readonly
    def get_timeline(self, kinds=None, offset=0, limit=TIMELINE_PAGE):
        """A page of the timeline, newest first: {"entries", "more", "kinds": [{"kind", "label", "icon", "count"}]}.

        ``kinds`` limits it to some; the counts are those of all kinds.
        """
        self.ensure_one()
        self.check_access("read")
        Timeline = self.env["collection.timeline"].with_context(collection_debtor_ids=self.ids)
        mine = Domain("debtor_id", "=", self.id)
        chosen = mine & Domain("kind", "in", list(kinds)) if kinds else mine
        limit = min(max(int(limit), 1), MOST_ENTRIES)
        columns = ("debtor_id", "date", "kind", "name", "amount", "currency_id", "author_id", "res_model", "res_id")
        found = Timeline.search_fetch(chosen, columns, offset=max(int(offset), 0), limit=limit + 1)
        counts = dict(Timeline._read_group(mine, ["kind"], ["__count"]))
        labels = dict(Timeline._fields["kind"]._description_selection(self.env))
        return {
            "entries": [self._describe_timeline_entry(entry, labels) for entry in found[:limit]],
            "more": len(found) > limit,
            "kinds": [
                {"kind": kind, "label": labels[kind], "icon": ICONS[kind], "count": counts[kind]}
                for kind, _label in TIMELINE_KINDS
                if counts.get(kind)
            ],
        }

    @api.model
    def _describe_timeline_entry(self, entry, labels):
        moment = (
            format_date(self.env, entry.date.date())
            if entry.kind in KINDS_OF_A_DAY
            else format_datetime(self.env, entry.date, dt_format="short")
        )
        return {
            "id": entry.id,
            "kind": entry.kind,
            "icon": ICONS[entry.kind],
            "label": labels[entry.kind],
            "date": moment if entry.date else "",
            "text": entry.text,
            "amount": format_amount(self.env, entry.amount, entry.currency_id) if entry.currency_id else "",
            # Who wrote is read with what was written, whoever may see the contact.
            "author": entry.author_id.sudo().name or "",
            "openable": entry.res_model != "mail.message",
        }

    def action_open_timeline_entry(self):
        """The record behind the entry named by the context's ``timeline_entry_id``."""
        self.ensure_one()
        self.check_access("read")
        Timeline = self.env["collection.timeline"].with_context(collection_debtor_ids=self.ids)
        entry = Timeline.search(
            [("debtor_id", "=", self.id), ("id", "=", int(self.env.context.get("timeline_entry_id") or 0))]
        )
        return entry.action_open() if entry else True

    def action_open_timeline(self):
        """The whole timeline, as a list to filter and export."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_collection.action_collection_timeline")
        return {
            **action,
            "name": self.env._("Timeline of %s", self.display_name),
            "domain": [("debtor_id", "=", self.id)],
            "context": {"collection_debtor_ids": self.ids},
        }
