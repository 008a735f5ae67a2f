"""Times of sending: e-mails through a local mail server, letters as PDF."""

import asyncio
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tools import config

from benchmarks.figures import Results, percentile_95, seconds

EMAILS = 1500
LETTERS = 300
PURE_LETTERS = 10_000
ITEMS_IN_A_LETTER = 12


def measure_emails(env, results: Results, reminders) -> None:
    """Messages accepted by a mail server on this machine, a second; nothing else runs than the outbox job."""
    chosen = _choose(env, reminders)
    halves = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
    with mail_server() as port, _sending_through(env, port):
        for half, kind, budget in zip(halves, ("without letter", "with letter PDF"), (150, 40), strict=True):
            _measure_outbox(env, results, half, kind, budget)


def _choose(env, reminders):
    """Reminders of one level that goes out by e-mail only, with nothing attached: what is measured is the sending."""
    reminders = reminders.filtered(
        lambda reminder: reminder.debtor_id.has_email and "email" in reminder.level_id.channel_ids.mapped("channel")
    )
    level, chosen = max(reminders.grouped("level_id").items(), key=lambda entry: len(entry[1]))
    level.channel_ids.filtered(lambda line: line.channel != "email").unlink()
    level.write({"attach_letter": False, "attach_invoices": False, "attach_statement": False, "send_delay": 0})
    return chosen[: 2 * EMAILS]


def _measure_outbox(env, results, reminders, kind, budget):
    level = reminders.level_id
    level.attach_letter = kind == "with letter PDF"
    if not level.letter_template_id:
        level.letter_template_id = env["collection.letter.template"].search([], limit=1)
    reminders.filtered(lambda reminder: reminder.state != "approved").write({"state": "approved", "hold_reason": False})
    env.cr.commit()
    queued = seconds(reminders.action_send)
    deliveries = reminders.delivery_ids
    deliveries.send_after = fields.Datetime.now() - timedelta(days=1)
    env.cr.commit()
    env.invalidate_all()
    handed_over = []
    spent = seconds(lambda: handed_over.append(env["collection.delivery"]._process_outbox()))
    if not handed_over[0]:
        reason = deliveries.filtered("error")[:1].error or reminders.filtered("hold_reason")[:1].hold_reason
        raise RuntimeError(f"no e-mail left: {reason or 'no reason given'}")
    results.add(f"Reminders put in the outbox a second, {kind}", len(reminders) / queued, "reminders/s")
    results.add(f"E-mails a second, {kind}", handed_over[0] / spent, "e-mails/s", budget, at_least=True)
    results.add(f"… e-mails handed over, {kind}", handed_over[0], "e-mails")


@contextmanager
def _sending_through(env, port: int) -> Iterator[None]:
    """The configured mail server is ours, and it is always a working hour."""
    env["ir.mail_server"].search([]).active = False
    company = env.company
    company.email = company.email or "compta@example.com"
    env.cr.commit()
    settings = config.options
    with (
        patch.dict(settings, {"smtp_server": "127.0.0.1", "smtp_port": port}),
        patch.object(type(company), "_get_next_sending_moment", lambda _self, moment: moment),
    ):
        yield


@contextmanager
def mail_server() -> Iterator[int]:
    """A mail server in a process of its own, which takes everything and keeps nothing; yields its port."""
    context = multiprocessing.get_context("spawn")
    told, tell = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(tell,), daemon=True)
    process.start()
    try:
        yield told.recv()
    finally:
        process.terminate()
        process.join()


def _serve(tell) -> None:
    from aiosmtpd.smtp import SMTP

    class Sink:
        async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802 (aiosmtpd's name)
            return "250 OK"

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Sink(), loop=loop), "127.0.0.1", 0)
        tell.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def measure_letters(env, results: Results, reminders) -> None:
    """Milliseconds a letter: with what Odoo reads for it, then the drawing alone, and the memory it keeps."""

    from odoo.addons.credit_collection.report.letter.drawing import render  # found once Odoo is configured

    template = env["collection.letter.template"].search([], limit=1)
    for level in reminders.level_id.filtered(lambda level: not level.letter_template_id):
        level.letter_template_id = template
    chosen = reminders.filtered(lambda reminder: reminder.debtor_id.has_address)[:LETTERS]
    times = [1000 * seconds(reminder._render_letter) for reminder in chosen]
    results.add("Letter PDF with its reading of the ledger, mean", sum(times) / len(times), "ms")
    results.add("Letter PDF with its reading of the ledger, 95th percentile", percentile_95(times), "ms")
    # In euros: the code of a credit transfer is written for no other currency.
    in_euros = chosen.filtered(lambda reminder: reminder._get_live_lines().currency_id == env.ref("base.EUR"))
    of_twelve = min(in_euros, key=lambda reminder: abs(len(reminder._get_live_lines()) - ITEMS_IN_A_LETTER))
    letter, fonts = _formal_notice(env, of_twelve), env.company._get_letter_fonts()
    for _warming in range(50):
        render(letter, fonts)
    before = _memory()
    spent = seconds(lambda: [len(render(letter, fonts)) for _rank in range(PURE_LETTERS)])
    items = len(of_twelve._get_live_lines())
    label = f"Formal notice of {items} items with its QR codes, drawing alone"
    results.add(label, 1000 * spent / PURE_LETTERS, "ms", 15)
    results.add(f"Memory kept after {PURE_LETTERS:,} letters", _memory() - before, "MB", 10)
    env.cr.rollback()


def _formal_notice(env, reminder):
    """The reminder as a formal notice in French that can be paid by scanning it."""
    owner = env.company.partner_id
    if not owner.bank_ids:
        env["res.partner.bank"].create({"acc_number": "FR7630006000011234567890189", "partner_id": owner.id})
    level = env["collection.level"].search([("is_formal_notice", "=", True)], limit=1)
    reminder.level_id = reminder._get_live_lines().level_id = level
    reminder.debtor_id.partner_id.lang = "fr_FR"
    env.flush_all()
    env.invalidate_all()
    letter = reminder._prepare_letter()
    if not (reminder.is_formal_notice and letter.payment.qr):
        raise RuntimeError("the letter measured is no formal notice with a QR code")
    return letter


def _memory() -> float:
    """Memory this process holds, in MB."""
    resident_pages = int(Path("/proc/self/statm").read_text().split()[1])
    return resident_pages * os.sysconf("SC_PAGE_SIZE") / 2**20
