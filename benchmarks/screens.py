"""Server time of the screens people work in all day, as the web client asks for them."""

import random

from lxml import etree

from benchmarks.figures import Results, percentile_95, seconds

REPETITIONS = 40
PAGE = 80
BUDGET = 300
LISTS = (
    ("collection.debtor", "List of debtors", [("overdue", ">", 0)]),
    ("collection.reminder", "List of reminders", [("state", "in", ("proposed", "approved", "outbox"))]),
    ("collection.delivery", "Outbox", [("state", "=", "queued")]),
    ("collection.todo", "To do", []),
)
WORK_ORDER = "contact_worth desc, id"
FORMS = (("collection.debtor", "Form of a debtor"), ("collection.reminder", "Form of a reminder"))


def measure(env, results: Results) -> None:
    """Lists and forms, read as a collector with the fields of their own views."""
    user = _collector(env)
    env = env(user=user, context={"allowed_company_ids": user.company_ids.ids, "lang": "fr_FR"})
    for model, label, domain in LISTS:
        results.add(f"{label}, 95th percentile", percentile_95(_list_times(env[model], domain)), "ms", BUDGET)
    work = [("is_to_contact", "=", True)]
    times = _list_times(env["collection.debtor"], work, "credit_collection.view_collection_work_list", WORK_ORDER)
    results.add("My work, 95th percentile", percentile_95(times), "ms", BUDGET)
    for model, label in FORMS:
        results.add(f"{label}, 95th percentile", percentile_95(_form_times(env[model])), "ms", BUDGET)
    debtors = env["collection.debtor"].search([("overdue", ">", 0)], limit=REPETITIONS)
    times = [_milliseconds(env, debtor.action_explain) for debtor in debtors]
    results.add("Why? of a debtor, 95th percentile", percentile_95(times), "ms", BUDGET)
    largest = env["collection.debtor"].search([], order="open_item_count desc", limit=1)
    name = f"Form of the largest debtor ({largest.open_item_count} items)"
    results.add(name, _milliseconds(env, lambda: largest.web_read(_specification(largest, "form"))), "ms")
    env.cr.rollback()


def _collector(env):
    group = env.ref("credit_collection.group_collection_collector")
    users = env["res.users"].with_context(no_reset_password=True)
    found = users.search([("login", "=", "bench_collector")])
    return found or users.create(
        {
            "name": "Collector",
            "login": "bench_collector",
            "group_ids": [(4, group.id)],
            "lang": "fr_FR",
            "company_id": env.company.id,
            "company_ids": [(6, 0, env.company.ids)],
        }
    )


def _list_times(model, domain: list, view: str = "", order: str = "") -> list[float]:
    specification = _specification(model, "list", view)
    count = model.search_count(domain)
    # Most people look at the first pages.
    offsets = random.Random(19).choices([PAGE * page for page in range(max(1, min(10, count // PAGE)))], k=REPETITIONS)
    return [
        _milliseconds(
            model.env,
            lambda offset=offset: model.web_search_read(
                domain, specification, offset=offset, limit=PAGE, order=order, count_limit=10001
            ),
        )
        for offset in offsets
    ]


def _form_times(model) -> list[float]:
    specification = _specification(model, "form")
    ids = model.search([], limit=2000).ids
    sample = random.Random(19).sample(ids, min(REPETITIONS, len(ids)))
    return [
        _milliseconds(model.env, lambda record_id=record_id: model.browse(record_id).web_read(specification))
        for record_id in sample
    ]


def _milliseconds(env, action) -> float:
    """Time of one request: nothing is in the cache yet."""
    env.invalidate_all()
    return 1000 * seconds(action)


def _specification(model, view_type: str, view: str = "") -> dict:
    """What the web client asks ``web_read`` for, from the view's own fields."""
    view_id = model.env.ref(view).id if view else None
    return _fields_of(model, etree.fromstring(model.get_view(view_id, view_type)["arch"]))


def _fields_of(model, node) -> dict:
    wanted = {}
    for element in _own_fields(node):
        name = element.get("name")
        field = model._fields[name]
        if field.type == "many2one":
            wanted[name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            inner = element.find("list")
            content = {"display_name": {}} if inner is None else _fields_of(model.env[field.comodel_name], inner)
            wanted[name] = {"fields": content, "limit": 40}
        else:
            wanted[name] = {}
    return wanted


def _own_fields(node):
    """Field elements of a view that are not those of a view within it."""
    for child in node:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _own_fields(child)
