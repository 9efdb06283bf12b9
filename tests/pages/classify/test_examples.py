from __future__ import annotations

from core.datasets.synthetic.example_pictures import EXAMPLES
from tests.pages.classify.visits import long_readings, readings
from tests.pages.conftest import OpenPage


def test_the_example_is_read_by_both_networks_and_by_both_together(open_page: OpenPage) -> None:
    at = open_page("classify")

    at.button(key="try an example").click().run()

    assert not at.exception
    assert list(readings(at).values()) == ["2026"] * 3


def test_every_example_of_the_gallery_is_read_or_refused(open_page: OpenPage) -> None:
    at = open_page("classify")
    at.button_group(key="source").set_value("examples").run()
    assert not at.metric

    read = {}
    for example in EXAMPLES:
        at.button(key=f"example {example.name}").click().run()
        assert not at.exception
        read[example.name] = [*readings(at).values(), *long_readings(at)][-1]

    assert read["year.jpg"] == "2026"
    assert read["form.jpg"] == "90210"
    assert read["page.jpg"] == "314159\n271828\n161803\n141421"
    assert read["letter.jpg"] == "?"
    assert len(set(read.values())) == len(EXAMPLES)
