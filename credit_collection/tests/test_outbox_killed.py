import json
import logging
import subprocess
import sys
from collections import Counter
from pathlib import Path

from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ

from .own_database import copy_database, drop_database
from .smtp import MailController, MailServer, free_port

DEBTORS = 120
logging.getLogger("mail.log").setLevel(logging.WARNING)


@tagged("post_install", "-at_install")
class TestWorkersThatAreKilled(BaseCase):
    """Planning and sending survive SIGKILL: nothing is lost, nothing is twice on the wire.

    A database of their own, real processes and a real mail server: see killable.py. One level a test.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = f"{get_db_name()}_killed"[-63:]
        drop_database(cls.database)
        cls.addClassCleanup(drop_database, cls.database)
        copy_database(cls.database)
        cls.server = MailServer()
        # Slow enough for a death to come between the message and the answer.
        cls.server.delay = 0.004
        controller = MailController(cls.server, hostname="127.0.0.1", port=free_port())
        controller.start()
        cls.addClassCleanup(controller.stop)
        cls.process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("killable.py")),
                config["config"],
                cls.database,
                str(controller.port),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=exec_pg_environ(),
        )
        cls.addClassCleanup(cls.end_process)
        cls.order(seed=DEBTORS)

    @classmethod
    def end_process(cls):
        cls.process.stdin.close()
        cls.process.wait(timeout=30)
        cls.process.stdout.close()

    @classmethod
    def order(cls, **order):
        cls.process.stdin.write(json.dumps(order) + "\n")
        cls.process.stdin.flush()
        answer = json.loads(cls.process.stdout.readline() or '{"error": "the workers\' parent ended"}')
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer

    # -- a night -------------------------------------------------------------------------------------------------------

    def setUp(self):
        super().setUp()
        self.unknown_before = self.order(read=True)["unknown"]
        self.server.messages.clear()
        self.server.envelopes.clear()

    def night(self, **how):
        """One run planned and sent; what there is afterwards, held against what the mail server was handed."""
        killed = self.order(run=how)["killed"]
        found = self.order(read=True)
        deliveries = found["deliveries"]
        # Nothing is lost: one reminder for each debtor who has not one to be found out about.
        self.assertEqual(found["reminders"], DEBTORS - self.unknown_before)
        self.assertEqual(len({delivery["recipient"] for delivery in deliveries}), DEBTORS - self.unknown_before)
        self.assertLessEqual({delivery["state"] for delivery in deliveries}, {"handed_over", "unknown"})
        # Nothing is twice on the wire.
        received = Counter(message["Message-Id"].strip() for message in self.server.messages)
        recipients = Counter(recipient for _sender, to in self.server.envelopes for recipient in to)
        self.assertLessEqual(set(received.values()) | set(recipients.values()), {1})
        # What is said to be handed over is what was taken; what was taken and cannot be known stands before a person.
        handed_over = {delivery["message"] for delivery in deliveries if delivery["state"] == "handed_over"}
        unknown = {delivery["message"] for delivery in deliveries if delivery["state"] == "unknown"}
        self.assertLessEqual(handed_over, set(received))
        self.assertLessEqual(set(received), handed_over | unknown)
        for delivery in deliveries:
            left = delivery["state"] == "handed_over"
            expected = {
                "on_timeline": True,
                "reached": left,
                "reminder": "sent" if left else "outbox",
                "asked": not left,
            }
            self.assertEqual({name: delivery[name] for name in expected}, expected)
        self.assertEqual(found["stray"], 0)
        self.assertEqual(found["queue"], 0)
        return killed, len(unknown), set(received) & unknown

    def test_1_two_workers_send_each_message_once(self):
        killed, unknown, _taken = self.night(workers=2)
        self.assertEqual((killed, unknown), ([], 0))

    def test_2_death_at_each_step(self):
        points = [
            "planned, not committed",
            "before the commit of handing over",
            "after the commit of handing over",
            "after the acceptance",
            "recorded, not committed",
            "after the commit of the acceptance",
        ]
        killed, unknown, taken = self.night(points=points)
        self.assertEqual(killed, points)
        # Between the two commits nobody can know, whether the server had taken it (twice here) or not.
        self.assertEqual((unknown, len(taken)), (3, 2))

    def test_3_death_at_random_moments_of_two_workers(self):
        killed, unknown, _taken = self.night(workers=2, planning=6, sending=30, chance=20261121)
        self.assertGreaterEqual(len(killed), 8)
        self.assertLessEqual(unknown, len(killed))
