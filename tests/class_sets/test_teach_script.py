"""That the script learns the same is tested by running it: tests/lab/publishing/test_taught_formats.py."""

from __future__ import annotations

import ast

from core.bundles.bundle import PRETRAINED, read_card
from core.class_sets.features import BACKBONE
from core.class_sets.teach_script import BACKBONE_FILE, teach_script


def test_the_script_is_python_that_needs_nothing_of_this_project():
    text = teach_script(read_card(PRETRAINED / BACKBONE), 0.5)
    tree = ast.parse(text)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"sys", "pathlib", "urllib.parse", "keras", "numpy", "PIL"}
    assert "$" not in text
    assert BACKBONE_FILE in text
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.Tuple)
        if isinstance(node.targets[0], ast.Name)
    }
    assert values["SIZE"] == (224, 224)
    assert values["TEMPERATURE"] == 0.5
