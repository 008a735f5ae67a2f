{
    "name": "Example of an Extension of Collection",
    "summary": "What docs/extending.md shows: a reason of its own in the decision, and a channel of its own",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Credit Collection contributors",
    "website": "https://github.com/credit-collection/credit_collection",
    "license": "AGPL-3",
    "depends": ["credit_collection"],
    "data": ["security/ir.model.access.csv"],
}
