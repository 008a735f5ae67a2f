"""A process whose workers plan and send, and are killed with SIGKILL while they do: see test_outbox_killed.

It loads Odoo once and forks each worker, as Odoo's own prefork server does, so that one is born in an instant. Orders
come as lines of JSON on its standard input, each answered by one line: {"seed": debtors}, {"run": {arguments of run()}}
and {"read": true}.
"""

import json
import os
import random
import signal
import sys
import threading
import time
from datetime import timedelta
from unittest.mock import patch

import odoo
from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import SQL, config

# The longest that a worker plans or sends before it is killed, in seconds.
LONGEST_LIFE = 0.5


def main():
    """``killable.py CONFIG DATABASE SMTP_PORT``: obey until standard input ends."""
    config_file, database, smtp_port = sys.argv[1:]
    options = ["-c", config_file, "-d", database, "--smtp=127.0.0.1", f"--smtp-port={smtp_port}", "--log-level=error"]
    config.parse_config([*options, "--no-http"], setup_logging=True)
    registry = Registry(database)
    for line in sys.stdin:
        order = json.loads(line)
        if "seed" in order:
            answer = in_transaction(registry, lambda env, order=order: seed(env, order["seed"]))
        elif "run" in order:
            answer = run(registry, **order["run"])
        else:
            answer = in_transaction(registry, read)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def in_transaction(registry, work):
    """What ``work(env)`` returns, committed."""
    with registry.cursor() as cursor:
        return work(api.Environment(cursor, SUPERUSER_ID, {}))


# -- the ledger --------------------------------------------------------------------------------------------------------


def seed(env, debtors):
    """As many debtors with an old debt, and a plan of levels that follow each other without rest."""
    company = env.ref("base.main_company")
    # Messages leave at any hour: the test runs whenever it runs.
    company.write(
        {
            "collection_freshness_days": 0,
            "collection_hour_from": 0,
            "collection_hour_to": 24,
            "country_id": False,
            "email": "compta@vendeur.example",
        }
    )
    company.resource_calendar_id.attendance_ids = [
        Command.clear(),
        *(Command.create({"name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 18}) for day in range(7)),
    ]
    env["ir.mail_server"].search([]).active = False
    env["collection.plan"].search([]).active = False
    template = env["mail.template"].create(
        {
            "name": "Reminder",
            "model_id": env["ir.model"]._get_id("collection.reminder"),
            "subject": "Reminder",
            "body_html": "<p>Please pay <t t-out='object.total_text'/></p>",
            "email_from": "{{ object.email_from }}",
            "use_default_to": False,
        }
    )
    env["collection.plan"].create(
        {
            "name": "Plan",
            "rest_days": 0,
            "level_ids": [
                Command.create(
                    {
                        "name": f"Level {day}",
                        "day": day,
                        "sequence": day,
                        "mail_template_id": template.id,
                        "channel_ids": [Command.create({"channel": "email"})],
                    }
                )
                for day in (3, 12, 20)
            ],
        }
    )
    partners = env["res.partner"].create(
        [
            {"name": f"Client {number}", "is_company": True, "email": f"client{number}@client.example"}
            for number in range(debtors)
        ]
    )
    open_debts(env, company, partners)
    return {"debtors": len(partners)}


def open_debts(env, company, partners):
    """One posted entry with a line a debtor: much faster than as many invoices."""
    Account = env["account.account"].with_company(company)
    receivable = Account.search([("code", "=like", "411%"), ("company_ids", "in", company.ids)], limit=1)
    income = Account.search([("account_type", "=", "income"), ("company_ids", "in", company.ids)], limit=1)
    due = company._get_collection_today() - timedelta(days=60)
    journal = env["account.journal"].search([("type", "=", "general"), ("company_id", "=", company.id)], limit=1)
    move = env["account.move"].create(
        {
            "journal_id": journal.id,
            "date": due,
            "line_ids": [
                *(
                    Command.create(
                        {"account_id": receivable.id, "partner_id": partner.id, "balance": 100, "date_maturity": due}
                    )
                    for partner in partners
                ),
                Command.create({"account_id": income.id, "balance": -100 * len(partners)}),
            ],
        }
    )
    move.action_post()
    move.line_ids.no_followup = False


# -- workers -----------------------------------------------------------------------------------------------------------


def run(registry, workers=1, planning=0, sending=0, points=(), chance=1):
    """Let workers plan one run and send it, and tell where each that was killed died.

    The first ``sending`` of them are killed at a random moment of sending, ``planning`` of these of planning already;
    the next ones die at each of ``points``.
    """
    dice = random.Random(chance)
    deaths = [{"sending": dice.uniform(0, LONGEST_LIFE)} for _ in range(sending)]
    for death in deaths[:planning]:
        death["planning"] = dice.uniform(0, LONGEST_LIFE)
    deaths += [{point: None} for point in points]
    last = in_transaction(registry, lambda env: env["collection.run"].search([], order="id desc", limit=1).id or 0)
    in_transaction(registry, let_days_pass)
    killed, alive, finished = [], {}, False
    while alive or not finished:
        while len(alive) < workers and not finished:
            death = deaths.pop(0) if deaths else {}
            alive[start_worker(registry, last, death)] = death
        pid, status = os.wait()
        death = alive.pop(pid)
        if os.WIFSIGNALED(status):
            killed.append(" or ".join(death))
            finished = False
        elif os.WEXITSTATUS(status):
            for other in alive:
                os.kill(other, signal.SIGKILL)
                os.waitpid(other, 0)
            return {"error": f"a worker ended with {os.WEXITSTATUS(status)}", "killed": killed}
        else:
            # It found nothing left to do, but what the others are doing.
            finished = True
    return {"killed": killed}


def let_days_pass(env):
    """The reminders of the night before were sent long ago."""
    for column in (
        "collection_item.level_date",
        "collection_debtor.last_reminder_date",
        "collection_reminder.sent_date",
    ):
        table, name = column.split(".")
        env.cr.execute(SQL("UPDATE %s SET %s = %s - 10", SQL.identifier(table), *[SQL.identifier(name)] * 2))


def start_worker(registry, last, death):
    """A child process that does what is left to do, unless its death comes first."""
    # A connection belongs to one process.
    odoo.sql_db.close_all()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        for place, seconds in death.items():
            prepare_death(place, seconds)
        work(registry, last)
        status = 0
    except Exception:  # noqa: BLE001 - a child process ends here, whatever happens
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def work(registry, last):
    """Plan if it is not planned yet, put into the outbox if it is not there yet, and empty the outbox."""
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        Run = env["collection.run"]

        def is_planned():
            cursor.rollback()
            return Run.search_count([("id", ">", last), ("state", "!=", "draft")])

        def plan():
            if not Run.search_count([("id", ">", last), ("state", "!=", "draft")]):
                Run.create({}).action_plan()

        def send():
            reminders = Run.search([("id", ">", last)]).reminder_ids
            reminders.filtered(lambda reminder: reminder.state == "approved").action_send()

        while not is_planned():
            try:
                retrying(plan, env)
            except UserError:
                # Another worker is planning.
                time.sleep(0.05)
        retrying(send, env)
        env["collection.delivery"]._process_outbox()


def prepare_death(place, seconds):
    """Have this process kill itself some seconds after it began planning or sending, or as it comes to a point."""
    module, name, wrap = DEATHS[place]
    original = getattr(module(), name)

    def die_there(*args, **kwargs):
        return wrap(lambda: original(*args, **kwargs), seconds)

    patch.object(module(), name, die_there).start()


def die():
    """As a power cut does it."""
    os.kill(os.getpid(), signal.SIGKILL)


def within(work, seconds):
    """Die some time after the work began, if it lasts so long."""
    timer = threading.Timer(seconds, die)
    timer.daemon = True
    timer.start()
    return work()


def before(_work, _seconds):
    """Die instead of working."""
    die()


def after(work, _seconds):
    """Die as soon as the work is done."""
    work()
    die()


def uncommitted(work, _seconds):
    """Die when the work is done and its commit is to come: ``work`` is a call of retrying(), which does both."""
    with patch.object(odoo.sql_db.Cursor, "commit", lambda cursor: die()):
        work()


def module(name, attribute=None):
    """A module of the add-on, or something of it, found when it is needed."""
    return lambda: (
        getattr(sys.modules[f"odoo.addons.credit_collection.{name}"], attribute)
        if attribute
        else (sys.modules[f"odoo.addons.credit_collection.{name}"])
    )


RUN = module("models.collection_run", "CollectionRun")
OUTBOX = module("models.collection_delivery_outbox", "CollectionDelivery")
EMAIL = module("channels.email", "CollectionChannelEmail")
# Where a worker dies: what is called there, and how it dies of it.
DEATHS = {
    "planning": (RUN, "action_plan", within),
    "sending": (OUTBOX, "_process_outbox", within),
    "planned, not committed": (RUN, "_finish_planning", after),
    "before the commit of handing over": (EMAIL, "_begin", after),
    "after the commit of handing over": (module("channels.email", "MailSessions"), "send", before),
    "after the acceptance": (module("channels.email", "MailSessions"), "send", after),
    "recorded, not committed": (module("channels.email"), "retrying", uncommitted),
    "after the commit of the acceptance": (module("channels.email"), "retrying", after),
}


# -- what there is afterwards ------------------------------------------------------------------------------------------


def read(env):
    """Deliveries of the last run with their proof, and what is left that should not be."""
    last_run = env["collection.run"].search([("reminder_ids", "!=", False)], order="id desc", limit=1)
    deliveries = last_run.reminder_ids.delivery_ids
    return {
        "reminders": len(last_run.reminder_ids),
        "deliveries": [
            {
                "state": delivery.state,
                "message": delivery.mail_message_id.message_id,
                "on_timeline": delivery.mail_message_id.res_id == delivery.debtor_id.id,
                "recipient": delivery.recipients,
                "reached": delivery.reminder_id.line_ids.item_id.level_id == delivery.level_id,
                "reminder": delivery.reminder_id.state,
                "asked": bool(delivery.debtor_id.activity_ids),
            }
            for delivery in deliveries
        ],
        "unknown": env["collection.delivery"].search_count([("state", "=", "unknown")]),
        # Messages made for a conversation that never began.
        "stray": env["mail.message"].search_count(
            [("message_type", "=", "email_outgoing"), ("model", "=", False), ("subject", "=", "Reminder")]
        ),
        "queue": env["mail.mail"].search_count([("state", "=", "outgoing")]),
    }


if __name__ == "__main__":
    main()
