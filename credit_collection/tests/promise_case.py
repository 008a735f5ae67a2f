"""A customer who promises to pay, with two days of grace."""

from .common import CollectionCase, day


class PromiseCase(CollectionCase):
    """Reminder at J+3, second at J+12, call at J+20, where broken promises lead; an invoice of 1 000.00, late since
    Thursday 5 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.collection_promise_grace_days = 2
        cls.plan = cls.make_plan(
            (
                ("Rappel", 3),
                ("Relance", 12),
                ("Appel", 20, {"channels": ("task",), "after_broken_promise": True}),
                ("Dernier rappel", 30),
            )
        )
        cls.partner = cls.make_partner()
        cls.invoice = cls.make_invoice(cls.partner, 1000, due=day(-5))
        cls.debtor = cls.debtor_of(cls.partner)
        cls.item = cls.item_of(cls.invoice)

    @classmethod
    def note(cls, amount=1000, on=5, items=None, **values):
        """A promise noted now, for that many days after Tuesday 10 March; on the invoice unless ``items`` says else."""
        items = cls.item if items is None else items
        return cls.env["collection.promise"].create(
            {
                "debtor_id": cls.debtor.id,
                "item_ids": [(6, 0, items.ids)],
                "amount": amount,
                "currency_id": (items.currency_id or cls.euro).id,
                "date": day(on),
                **values,
            }
        )

    @classmethod
    def note_on_account(cls, amount, on=5, **values):
        """A promise about the whole account."""
        return cls.note(amount, on, cls.env["collection.item"], **values)

    def found(self, promise, on=None):
        """(state, paid) of the promise, as found on that day."""
        if on is not None:
            self.set_today(day(on))
        self.debtor._refresh_promises()
        return promise.state, promise.paid_amount

    def undo_reconciliation(self, invoice):
        self.env["account.move.line"].browse(invoice.line_ids.ids).remove_move_reconcile()
