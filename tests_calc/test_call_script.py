"""A script of a call says the customer's figures, and runs nothing."""

from hypothesis import given
from hypothesis import strategies as st

from calc.call_script import fill, find_unknown


def test_values_take_their_places():
    script = "<p>You owe {{ amount }}, {{days_late}} days late: {{  amount  }}.</p>"
    assert fill("<p>{{&nbsp;amount&nbsp;}}</p>", {"amount": "12 €"}) == "<p>12 €</p>"
    assert fill(script, {"amount": "12 €", "days_late": "9"}) == "<p>You owe 12 €, 9 days late: 12 €.</p>"


def test_what_a_customer_typed_is_text():
    hostile = "<script>alert(1)</script>\" & '{{ amount }}'"
    filled = fill("<p>{{ customer }}</p>", {"customer": hostile, "amount": "12 €"})
    assert filled == ("<p>&lt;script&gt;alert(1)&lt;/script&gt;&quot; &amp; &#x27;{{ amount }}&#x27;</p>")


def test_nothing_is_evaluated():
    script = "<p>{{ object.env.cr }} {{ 1 + 1 }} {% for %} ${amount}</p>"
    assert fill(script, {"amount": "12 €"}) == script
    assert find_unknown(script, {"amount"}) == ["object.env.cr", "1 + 1"]


def test_unknown_placeholders_are_named_once_in_their_order():
    assert find_unknown("{{ b }} {{ a }} {{ known }} {{ b }}", {"known": ""}) == ["b", "a"]


@given(st.text(max_size=50))
def test_no_value_adds_a_tag(value):
    filled = fill("<p>{{ customer }}</p>", {"customer": value})
    assert filled.count("<") == 2
    assert filled.count(">") == 2
