"""The sequence diagram of a process: who says what to whom, each name a link, and words beside their arrows."""

from __future__ import annotations

from catalogue_sites import SHOP, facts_in, seen

from cncb_compiler.catalogue.page import Figure
from cncb_compiler.catalogue.pages import process
from cncb_compiler.catalogue.sequence import Message, figure, messages


def test_the_messages_of_the_shop_are_those_of_the_services_that_go_on_with_it() -> None:
    facts = facts_in(SHOP)
    returned = next(one for one in facts.processes if one.name == "return-approved")
    said = list(messages(returned, lambda cause: cause.by.name, lambda event: f"e/{event}"))
    assert said == [
        Message("", ("returns",), "approve", "", call=True),
        Message("returns", ("order-process",), "return-approved", "e/return-approved"),
        Message("order-process", ("payment-gateway",), "refund-payment", "e/refund-payment"),
        Message("payment-gateway", ("returns",), "payment-refunded", "e/payment-refunded"),
    ]
    sequence = process.page(facts, returned).sections[1].blocks[0]
    assert isinstance(sequence, Figure)
    page = seen(sequence.svg)
    assert "POST /returns/{id}/approval" in page.text
    assert "../event/refund-payment.html" in page.values("href") and "../service/returns.html" in page.values("href")


def test_lanes_are_so_far_apart_that_words_stand_above_their_arrow() -> None:
    wide = figure("x", [Message("a", ("b",), "w" * 60, "")], lambda name: "")
    narrow = figure("x", [Message("a", ("b",), "w", "")], lambda name: "")
    long = figure(
        "x",
        [Message("a", ("b",), "w", ""), Message("a", ("c",), "w" * 30, ""), Message("b", ("c",), "", "")],
        lambda name: "",
    )
    width = [int(seen(one.svg).values("width")[0]) for one in (narrow, wide, long)]
    assert width[0] < width[1]
    assert width[2] < 3 * width[1] / 2


def test_what_nobody_goes_on_with_returns_to_who_said_it() -> None:
    drawn = seen(figure("x", [Message("a", (), "done", "")], lambda name: "").svg)
    assert [path for path in drawn.values("d") if path.endswith("h22v10h-16")]


def test_names_are_escaped() -> None:
    assert "<b>" not in figure("<b>", [Message("<b>", ("c",), "<b>", "")], lambda name: "").svg
