from __future__ import annotations

import numpy as np
import pytest

from core.class_sets.head_files import PortableHead
from core.class_sets.held_out import teach
from core.errors import ClassSetError
from tests.class_sets.conftest import clouds
from tests.refusals import raises


def test_a_head_is_read_from_its_file_as_it_was(tmp_path):
    taught = teach(*clouds(3, 5), 3)
    head = PortableHead.of(taught, ("a", "猫", "<b>"), "net-1")
    head.write(tmp_path / "taught.head.npz")
    found = PortableHead.read(tmp_path / "taught.head.npz")
    assert found.classes == head.classes
    assert found.backbone == "net-1"
    assert found.temperature == pytest.approx(taught.temperature)
    assert np.array_equal(found.head.weights, taught.head.weights)
    assert np.array_equal(found.head.bias, taught.head.bias)


def test_damaged_files_and_numbers_that_do_not_fit_are_one_sentence(tmp_path):
    taught = teach(*clouds(3, 5), 3)
    file = tmp_path / "taught.head.npz"
    PortableHead.of(taught, ("a", "b"), "net-1").write(file)
    with raises(ClassSetError, "class_sets.head_damaged"):
        PortableHead.read(file)
    for content in (b"", b"PK", file.read_bytes()[:200]):
        file.write_bytes(content)
        with raises(ClassSetError, "class_sets.head_damaged"):
            PortableHead.read(file)
    with raises(ClassSetError, "class_sets.head_damaged"):
        PortableHead.read(tmp_path / "none.head.npz")
