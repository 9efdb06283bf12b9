from __future__ import annotations

import resource
import sys

import pytest

from core.inference.decoding_limits import SPACE, limited

MUCH = 5 * SPACE  # memory that was freed before may be used again

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limits")


def test_more_address_space_than_a_picture_may_take_is_refused() -> None:
    with limited(b""), pytest.raises(MemoryError):
        bytearray(MUCH)

    assert len(bytearray(MUCH)) == MUCH, "afterwards there is no limit"


def test_the_limits_that_held_before_hold_again_after_an_error() -> None:
    before = [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]

    with pytest.raises(ZeroDivisionError), limited(b""):
        1 / (resource.getrlimit(resource.RLIMIT_CPU) == before[1])

    assert [resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)] == before
