from __future__ import annotations

import threading
from gettext import NullTranslations

import pytest

from core import language


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a", "{b}", "c"], "a, {b}, c")]
)
def test_a_list_in_a_sentence_is_separated_by_commas_in_english(items, text):
    assert language.join(items) == text


def test_a_translation_may_change_the_separators_of_a_list(monkeypatch):
    monkeypatch.setattr(
        language, "gettext", lambda message, /, **values: message.replace(", ", "、").format(**values)
    )
    assert language.join(["a", "b", "c"]) == "a、b、c"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0, "< 0.1%"),
        (0.0006, "0.1%"),
        (0.5, "50.0%"),
        (0.9994, "99.9%"),
        (0.99951, "> 99.9%"),
        (1, "> 99.9%"),
    ],
)
def test_a_probability_is_never_told_as_certain_or_impossible(probability, text):
    assert language.percent(probability) == text


@pytest.mark.parametrize(("share", "text"), [(0, "0%"), (2 / 3, "66.7%"), (0.99999, "> 99.9%"), (1, "100%")])
def test_only_all_of_the_counted_are_a_hundred_percent(share, text):
    assert language.counted_percent(share) == text


@pytest.fixture
def chinese(monkeypatch):
    """Make the Chinese of every text the text between two signs."""

    class Marked(NullTranslations):
        def gettext(self, message):
            return f"«{message}»"

        def ngettext(self, singular, plural, count):
            return f"«{plural}»"

    catalogue = language._catalogue
    monkeypatch.setattr(
        language, "_catalogue", lambda chosen: Marked() if chosen == "zh" else catalogue(chosen)
    )


def test_two_threads_speak_two_languages_at_once(chinese):
    said = {}
    both = threading.Barrier(2)

    def speak(chosen):
        language.use(chosen)
        for _ in range(20):
            both.wait(5)
            both_forms = language.gettext("a"), language.ngettext("{count} run", "{count} runs", 1)
            said.setdefault(chosen, set()).add(both_forms)

    threads = [threading.Thread(target=speak, args=(chosen,)) for chosen in ("en", "zh")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == {"en": {("a", "1 run")}, "zh": {("«a»", "«1 runs»")}}
    assert language.current() == "en"


def test_a_thread_without_a_language_asks_for_it_once(monkeypatch):
    asked = []
    monkeypatch.setattr(language, "_sources", [lambda: asked.append(1) or "zh"])
    found = []

    def speak():
        found.extend([language.current(), language.current()])

    thread = threading.Thread(target=speak)
    thread.start()
    thread.join()

    assert found == ["zh", "zh"]
    assert len(asked) == 1


def test_an_empty_text_stays_empty_in_every_language():
    with language.using("zh"):
        assert language.gettext("") == ""


@pytest.mark.parametrize(
    ("tag", "found"),
    [("zh-CN", "zh"), ("zh_CN.UTF-8", "zh"), ("zh-Hans-SG", "zh"), ("ZH", "zh"), ("en-US", "en")]
    + [(other, None) for other in ("fr", "C.UTF-8", "POSIX", "", None, "zhuang")],
)
def test_the_language_of_a_tag_is_its_first_part(tag, found):
    assert language.known(tag) == found


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_command_line_speaks_the_language_of_the_environment(environment, found):
    assert language.of_environment(environment) == found
