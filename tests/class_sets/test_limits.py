from core.class_sets import limits
from core.images import archive


def test_a_full_set_can_be_saved_and_opened_again():
    assert limits.MOST_PICTURES <= archive.MAX_MEMBERS
    assert limits.MOST_BYTES <= archive.MAX_TOTAL_BYTES
    assert limits.MOST_BYTES <= limits.MOST_VISITOR_BYTES
