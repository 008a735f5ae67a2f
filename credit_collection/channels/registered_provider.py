from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from odoo import api, models

RETRY_AFTER = timedelta(minutes=15)


class Stage(Enum):
    """Where a sending stands at the provider."""

    DRAFT = "not submitted: nothing will be posted"
    ACCEPTED = "submitted: it is or will be posted"
    REJECTED = "refused after it was submitted: it is not posted"
    GONE = "the provider does not know it"


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a provider knows of a letter. ``outcome`` is a state of deposit, of the day ``ended_on``."""

    stage: Stage
    detail: str = ""
    number: str = ""
    deposited_on: date | None = None
    presented_on: date | None = None
    outcome: str | None = None
    ended_on: date | None = None
    proofs: tuple[str, ...] = ()  # kinds of kept documents that can be fetched


class ProviderUnavailable(Exception):
    """Nothing can be asked of the provider for now, whatever the letter; the words are for the user."""

    def __init__(self, words, retry_after=None):
        super().__init__(words)
        self.retry_after = retry_after or RETRY_AFTER


class ProviderRefused(Exception):
    """The provider does not want this letter; the words are for the user."""


class ProviderUnclear(Exception):
    """The provider fell silent when it may have taken the letter; the words are for the user."""


class CollectionRegisteredProvider(models.AbstractModel):
    """Who prints and posts registered letters. A provider is a model that inherits this one.

    ``_draft`` prepares a sending that posts nothing, ``_submit`` is the one step that cannot be taken back, ``_ask``
    tells what became of it, ``_fetch`` gives a proof. Their first argument is what ``_open`` yields.
    """

    _name = "collection.registered.provider"
    _description = "Provider of Registered Letters"

    _code = None

    @api.model
    def _get_providers(self):
        """Every provider installed, the built-in one first."""
        names = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("collection.registered.provider.") and getattr(model, "_code", None)
        ]
        providers = [self.env[name] for name in names]
        return sorted(providers, key=lambda provider: (provider._code != "printed", provider._code))

    @api.model
    def _get_provider(self, code):
        """The provider of that code; the built-in one where its add-on is gone."""
        providers = {provider._code: provider for provider in self._get_providers()}
        return providers.get(code, providers["printed"])

    # -- to override ---------------------------------------------------------------------------------------------------

    @api.model
    def _get_label(self):
        """Name of the provider in the user's language."""
        raise NotImplementedError

    @api.model
    def _get_obstacle(self, company):
        """Why the company cannot use it, in words; None if it can."""
        return

    @api.model
    @contextmanager
    def _open(self, company):
        """What the other methods talk through, for a batch. Raises ProviderUnavailable."""
        yield None

    @api.model
    def _draft(self, session, delivery):
        """Prepare the sending of the delivery's letter; return the provider's reference of it.

        Raises ProviderUnavailable or ProviderRefused.
        """
        raise NotImplementedError

    @api.model
    def _discard(self, session, delivery):
        """Throw a draft away; one that is gone already is no error."""

    @api.model
    def _submit(self, session, delivery):
        """Have the draft posted. Raises ProviderUnavailable or ProviderRefused where not, else ProviderUnclear."""
        raise NotImplementedError

    @api.model
    def _ask(self, session, delivery):
        """Tracking of the delivery's letter. Raises ProviderUnavailable."""
        raise NotImplementedError

    @api.model
    def _fetch(self, session, delivery, kind):
        """PDF of a proof that ``_ask`` announced. Raises ProviderUnavailable or ProviderRefused."""
        raise NotImplementedError


class CollectionRegisteredProviderPrinted(models.AbstractModel):
    """The built-in one: we print the letters, and bring them to the post with a deposit slip."""

    _name = "collection.registered.provider.printed"
    _inherit = "collection.registered.provider"
    _description = "Registered Letters Printed by Us"

    _code = "printed"

    @api.model
    def _get_label(self):
        return self.env._("Printed by us, brought to the post with a deposit slip")
